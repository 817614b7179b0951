// Words that a listed person of ours wrote: readable prose, defanged, with hidden characters shown. Logs and models stay `untrusted`.
import { defangText } from '../evidence/defang.ts';
import { untrusted } from '../view/build.ts';
import { reveal } from '../view/escape.ts';
import type { Inline } from '../view/types.ts';
import type { Finding } from './types.ts';

export const said = (words: string): Inline => ({ kind: 'plain', text: reveal(defangText(words)) });

/** A claim as it may be shown: what the assistant wrote can be what an attacker wrote. */
export const claimed = (finding: Pick<Finding, 'origin'>, words: string): Inline =>
  finding.origin === 'assistant' ? untrusted(defangText(words)) : said(words);
