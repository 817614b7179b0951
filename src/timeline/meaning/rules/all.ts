// Every rule of every family, in one list.
import type { Rule } from '../rule.ts';
import { CLOUD_RULES } from './cloud.ts';
import { COMMAND_RULES } from './commands.ts';
import { DATABASE_RULES } from './database.ts';
import { HOST_RULES } from './host.ts';
import { LOGIN_RULES } from './login.ts';
import { MAIL_RULES } from './mail.ts';
import { NETWORK_RULES } from './network.ts';
import { SAAS_RULES } from './saas.ts';
import { SSH_RULES } from './ssh.ts';
import { SYSMON_RULES } from './sysmon.ts';
import { TAKING_RULES } from './taking.ts';
import { WEB_RULES } from './web.ts';
import { WINDOWS_RULES } from './windows.ts';
import { WINDOWS_TRACE_RULES } from './windows-traces.ts';

/** All detections; ids are unique. */
// biome-ignore format: one to a line reads as a table
export const RULES: readonly Rule[] = [
  ...SSH_RULES,
  ...LOGIN_RULES,
  ...WEB_RULES,
  ...MAIL_RULES,
  ...DATABASE_RULES,
  ...NETWORK_RULES,
  ...WINDOWS_RULES,
  ...WINDOWS_TRACE_RULES,
  ...SYSMON_RULES,
  ...COMMAND_RULES,
  ...CLOUD_RULES,
  ...SAAS_RULES,
  ...HOST_RULES,
  ...TAKING_RULES,
];
