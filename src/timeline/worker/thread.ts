// A reading thread: takes one request after another and reports how far it is.
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { buildTimeline, buildTimelineOfFile } from '../build.ts';
import type { ReadReply, ReadRequest } from './messages.ts';

const PROGRESS_EVERY_MS = 100;

// Buttons come first. On Linux 0 means the calling thread, so only reading yields; elsewhere it would be the whole process.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);

parentPort?.on('message', ({ id, input, options, own }: ReadRequest) => {
  const say = (reply: ReadReply): void => parentPort?.postMessage(reply);
  let saidAt = performance.now();
  const onProgress = (bytesRead: number, linesRead: number): void => {
    const now = performance.now();
    if (now - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = now;
    say({ id, kind: 'progress', bytesRead, linesRead });
  };
  try {
    const timeline =
      'path' in input
        ? buildTimelineOfFile(input.path, options, own ?? undefined, onProgress)
        : buildTimeline(input.bytes, options, own ?? undefined, onProgress);
    say({ id, kind: 'done', timeline });
  } catch (error) {
    say({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
