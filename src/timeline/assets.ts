// Which addresses and names are the organisation's own.
import ipaddr from 'ipaddr.js';
import type { OwnAssets } from './types.ts';

/** Asks whether a value is one of the organisation's own. */
export interface AssetCheck {
  readonly isOurAddress: (ip: string) => boolean;
  readonly isOurDomain: (domain: string) => boolean;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function rangeOf(text: string): Range | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const ip = ipaddr.process(text);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

/** Makes the check; networks that are no address or CIDR are left out. */
export function assetCheck(own: OwnAssets | undefined): AssetCheck {
  const ranges = (own?.networks ?? []).map((text) => rangeOf(text.trim())).filter((range) => range !== undefined);
  const names = [...(own?.domains ?? []), ...(own?.hosts ?? [])].map((name) => name.toLowerCase()).filter(Boolean);
  const known = new Map<string, boolean>();
  const isOurAddress = (text: string): boolean => {
    if (ranges.length === 0) return false;
    const before = known.get(text);
    if (before !== undefined) return before;
    let isOurs = false;
    if (ipaddr.isValid(text)) {
      const ip = ipaddr.process(text);
      isOurs = ranges.some(
        ([base, bits]) => base.kind() === ip.kind() && ip.match(base as ipaddr.IPv4 & ipaddr.IPv6, bits),
      );
    }
    if (known.size < 50_000) known.set(text, isOurs);
    return isOurs;
  };
  return {
    isOurAddress,
    isOurDomain: (domain) => names.some((name) => domain === name || domain.endsWith(`.${name}`)),
  };
}
