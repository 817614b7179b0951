/** A browser without a screen: cookies, the page's token, and requests as a page of ours makes them. */
export class Visitor {
  readonly address: string;
  private readonly cookies = new Map<string, string>();
  token = '';

  constructor(address: string) {
    this.address = address;
  }

  async send(path: string, init: RequestInit & { readonly headers?: Record<string, string> } = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.address}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { origin: this.address, ...(cookie === '' ? {} : { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async signIn(person: string, passcode: string): Promise<Response> {
    const page = await (await this.send('/sign-in')).text();
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const response = await this.send('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ token, person, passcode }),
    });
    if (response.status === 303) this.token = /data-token="([^"]+)"/.exec(await this.page('/home'))?.[1] ?? '';
    return response;
  }

  async page(path: string): Promise<string> {
    return (await this.send(path)).text();
  }

  async act(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
    const response = await this.send(path, {
      method: 'POST',
      body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
      headers: { 'x-countersign-token': this.token, ...headers },
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : { text },
    };
  }

  say(channel: string, text: string, key: string = crypto.randomUUID()): ReturnType<Visitor['act']> {
    return this.act('/api/say', { key, channel, thread: '', text });
  }
}
