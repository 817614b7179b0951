import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';

describe('this whole suite', () => {
  it('beyond B13: runs without a key and without the internet', async () => {
    expect(Object.keys(process.env).filter((name) => /^COUNTERSIGN_|_API_KEY$/.test(name))).toEqual([]);
    await expect(fetch('http://192.0.2.1/')).rejects.toThrow();
    await expect(fetch('http://192.0.2.1/').catch((error: Error) => Promise.reject(error.cause))).rejects.toThrow(
      'A test reached for 192.0.2.1',
    );
    expect(() => connect({ host: 'example.com', port: 443 })).toThrow('A test reached for example.com');
    expect(() => connect(443, 'example.com')).toThrow('A test reached for example.com');
  });
});
