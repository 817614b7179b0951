import { createHash } from 'node:crypto';

/** Names our extension in every exported playbook; it never changes. */
export const EXTENSION_ID = 'extension-definition--6f0c1c52-9b1e-4f0f-8d5e-2f6f1f0a7c31';

/** The STIX identity that exports are created by when the caller names none. */
export const IDENTITY_ID = 'identity--2d9a3c1e-5f47-4b8a-9c60-7e1d4a8b3f25';

/** The TLP 2.0 marking objects that OASIS publishes for STIX and CACAO, with their level. */
export const TLP_MARKINGS = {
  CLEAR: 'marking-tlp--94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'marking-tlp--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: 'marking-tlp--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': 'marking-tlp--939a9414-2ddd-4d32-a0cd-375ea402b003',
  RED: 'marking-tlp--e828b379-4e03-4974-9ac4-e53a884c97c1',
} as const;

/** A CACAO identifier whose UUID follows from the seed alone: version 5 for playbooks, the form of version 4 for all else. */
export function cacaoId(type: string, seed: string): string {
  const hex = createHash('sha256').update(`countersign:${type}:${seed}`).digest('hex');
  const version = type === 'playbook' ? '5' : '4';
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4];
  return `${type}--${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
