import { startComposers } from './composer.ts';
import { startDialogs } from './dialog.ts';
import { startEnlarging } from './enlarge.ts';
import { startFrame } from './frame.ts';
import { startLive } from './live.ts';
import { scrollToEnd, startJumps } from './patch.ts';
import { startPresses } from './press.ts';
import { show } from './show.ts';
import { localiseTimes } from './times.ts';

localiseTimes(document);
startFrame();
startDialogs(show);
startPresses();
startEnlarging();
startComposers();
startJumps();
scrollToEnd();
startLive();
