// Words the parts of the organisation's file share.
import { z } from 'zod';

export const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'use lower-case letters, digits and dashes');

export const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'use an IANA zone such as Europe/Berlin or UTC');

export const STANDING_ROLES = ['commander', 'responder', 'manager', 'legal', 'auditor', 'observer'] as const;
