// Simple judgement until the meaning half is on main.
import { createHash } from 'node:crypto';
import type { LogRecord, Meaning } from './record.ts';

const ADDRESS = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/;

export function describe(record: LogRecord): Meaning {
  const ip = ADDRESS.exec(record.text.slice(0, 4000))?.[0];
  const level = record.fields['level'];
  const severity =
    level === 'error' ? 5 : level === 'warning' ? 4 : /fail|denied|invalid/i.test(record.text.slice(0, 4000)) ? 5 : 2;
  return {
    severity,
    techniques: [],
    entities: {
      ...(ip ? { srcIp: ip } : {}),
      ...(record.fields['host'] ? { host: record.fields['host'] } : {}),
      ...(record.fields['process'] ? { process: record.fields['process'] } : {}),
    },
    flags: [],
  };
}

export class TemplateMiner {
  add(record: LogRecord): { id: string; template: string } {
    const template = record.message.slice(0, 300).replace(/[^\s="',;:()[\]]*\d[^\s="',;()[\]]*/g, '<*>');
    return { id: createHash('sha256').update(template).digest('hex').slice(0, 12), template };
  }
}
