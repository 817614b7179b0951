// Words the parts of the organisation's file share.
import { z } from 'zod';
import { isZone } from '../timeline/stamp/zone.ts';

export const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'use lower-case letters, digits and dashes');

export const zone = z.string().refine(isZone, 'use an IANA zone such as Europe/Berlin or UTC');

export const STANDING_ROLES = ['commander', 'responder', 'manager', 'legal', 'auditor', 'observer'] as const;
