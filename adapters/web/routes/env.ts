import type { Desk } from '../../../src/chat/types.ts';
import type { Hub } from '../hub.tsx';
import type { WebSettings } from '../options.ts';
import type { SignedIn } from '../session.ts';
import type { Throttle } from '../throttle.ts';

/** What a route finds on its context once somebody is signed in. */
export interface WebEnv {
  Variables: { who: SignedIn };
}

/** What routes share. `desk` is null until the program has attached it. */
export interface Parts {
  readonly settings: WebSettings;
  readonly hub: Hub;
  readonly desk: () => Desk | null;
  /** Wrong passcodes by person. */
  readonly signInThrottle: Throttle;
  /** Wrong passcodes together. */
  readonly signInThrottleForAll: Throttle;
  readonly writeThrottle: Throttle;
}
