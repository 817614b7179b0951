// The adapter's rows of the self test.
import type { DoctorRow } from '../../src/adapter.ts';
import type { TeamsOptions } from './options.ts';
import type { Trust } from './trust.ts';

/** Asks Microsoft for a token as every message does. Never throws. */
export async function doctorRows(options: TeamsOptions, trust: Trust): Promise<readonly DoctorRow[]> {
  if (options.isDevelopment)
    return [
      {
        name: 'Teams',
        state: 'bad',
        says: 'Development: nobody is checked. Remove COUNTERSIGN_TEAMS_DEVELOPMENT and set app id, secret and tenant before anything real.',
      },
    ];
  try {
    await trust.token();
    return [{ name: 'Teams', state: 'good', says: `Microsoft gives app ${options.appId} a token.` }];
  } catch (error) {
    options.log.warn({ err: error }, 'the self test got no token from Microsoft');
    return [
      {
        name: 'Teams',
        state: 'bad',
        says: 'Microsoft gives the app no token, so nothing can be posted. Is COUNTERSIGN_TEAMS_APP_SECRET expired (Azure, App registrations, Certificates & secrets), and is the first COUNTERSIGN_TEAMS_TENANT the app\u2019s own?',
      },
    ];
  }
}
