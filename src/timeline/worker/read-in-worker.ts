// Timelines off the main thread, so that chat is answered while a million lines are read.
import { Worker } from 'node:worker_threads';
import type { OnProgress } from '../build.ts';
import type { OwnAssets, ReadOptions, Timeline } from '../types.ts';
import type { ReadInput, ReadReply, ReadRequest } from './messages.ts';

const MOST_THREADS = 2;
// The compiled thread: Node 20 cannot run the source itself, so tests need a build.
const THREAD = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/src/timeline/worker/thread.js', import.meta.url)
  : new URL('./thread.js', import.meta.url);

interface Job {
  readonly request: ReadRequest;
  readonly onProgress: OnProgress | undefined;
  readonly resolve: (timeline: Timeline) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
}

const threads: Thread[] = [];
const waiting: Job[] = [];
let lastId = 0;

/**
 * Reads a source in a thread and derives its timeline. At most two are read at a time, the others wait in order.
 * Bytes in a SharedArrayBuffer are not copied; a path is opened by the thread. Rejects when the source cannot be opened.
 */
export function readInWorker(
  input: ReadInput,
  options: ReadOptions,
  more: { readonly own?: OwnAssets; readonly onProgress?: OnProgress } = {},
): Promise<Timeline> {
  return new Promise((resolve, reject) => {
    const request: ReadRequest = { id: ++lastId, input, options, own: more.own ?? null };
    waiting.push({ request, onProgress: more.onProgress, resolve, reject });
    startNext();
  });
}

/** Ends all reading threads; readings under way are rejected. For shutting down. */
export async function stopReading(): Promise<void> {
  for (const job of waiting.splice(0)) job.reject(new Error('reading was stopped'));
  await Promise.all(threads.map((thread) => thread.worker.terminate()));
}

function startNext(): void {
  while (waiting.length > 0) {
    const idle = threads.find((thread) => thread.job === null) ?? (threads.length < MOST_THREADS ? newThread() : null);
    if (!idle) return;
    idle.job = waiting.shift() as Job;
    idle.worker.ref();
    idle.worker.postMessage(idle.job.request);
  }
}

function newThread(): Thread {
  const thread: Thread = { worker: new Worker(THREAD), job: null };
  threads.push(thread);
  const finish = (settle: (job: Job) => void): void => {
    const { job } = thread;
    thread.job = null;
    // An idle thread does not keep the process alive.
    thread.worker.unref();
    if (job) settle(job);
    startNext();
  };
  thread.worker.on('message', (reply: ReadReply) => {
    if (reply.id !== thread.job?.request.id) return;
    switch (reply.kind) {
      case 'progress':
        thread.job.onProgress?.(reply.bytesRead, reply.linesRead);
        break;
      case 'done':
        finish((job) => job.resolve(reply.timeline));
        break;
      case 'failed':
        finish((job) => job.reject(new Error(reply.message)));
        break;
    }
  });
  const lose = (error: Error): void => {
    const at = threads.indexOf(thread);
    if (at !== -1) threads.splice(at, 1);
    finish((job) => job.reject(error));
  };
  thread.worker.on('error', lose);
  thread.worker.on('exit', (code) => lose(new Error(`the reading thread ended with ${code}`)));
  return thread;
}
