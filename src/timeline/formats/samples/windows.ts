import { AT, type FormatSample } from './sample.ts';

const one = (name: string, text: string, format?: string, at: readonly string[] = [AT]): FormatSample => ({
  name,
  text,
  at,
  ...(format === undefined ? {} : { format }),
});

/** What Windows writes and shows. */
export const WINDOWS_SAMPLES: readonly FormatSample[] = [
  one(
    'EVTX as XML, one line',
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>4625</EventID><TimeCreated SystemTime="2026-11-19T08:15:30.0000000Z"/><Computer>dc-01</Computer></System></Event>',
    'evtx-xml',
  ),
  one(
    'EVTX as XML, over lines',
    '<Event>\n  <System>\n    <EventID>4625</EventID>\n    <TimeCreated SystemTime="2026-11-19T08:15:30Z"/>\n  </System>\n</Event>',
    'evtx-xml',
  ),
  one(
    'EVTX as JSON',
    '{"Event":{"System":{"EventID":4625,"TimeCreated":{"#attributes":{"SystemTime":"2026-11-19T08:15:30.000000Z"}},"Computer":"dc-01"}}}',
    'evtx-json',
  ),
  one(
    'Event Viewer, English',
    'Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nDate:          11/19/2026 8:15:30 AM\nEvent ID:      4625\nComputer:      dc-01\nDescription:\nAn account failed to log on.\n',
    'event-text',
  ),
  one(
    'Event Viewer, German',
    'Protokollname: Security\nQuelle:        Microsoft-Windows-Security-Auditing\nDatum:         19.11.2026 08:15:30\nEreignis-ID:   4625\nComputer:      dc-01\nBeschreibung:\nFehler beim Anmelden eines Kontos.\n',
    'event-text',
  ),
  one(
    'Get-WinEvent, table',
    '   ProviderName: Microsoft-Windows-Security-Auditing\n\nTimeCreated                     Id LevelDisplayName Message\n-----------                     -- ---------------- -------\n11/19/2026 8:15:30 AM         4625 Information      An account failed to log on.',
  ),
  one(
    'Get-WinEvent, list',
    'TimeCreated  : 11/19/2026 8:15:30 AM\nProviderName : Microsoft-Windows-Security-Auditing\nId           : 4625\nMessage      : An account failed to log on.',
    'event-text',
  ),
  one(
    'Sysmon text',
    'Process Create:\nRuleName: -\nUtcTime: 2026-11-19 08:15:30.000\nProcessId: 811\nImage: C:\\x.exe',
    'sysmon-text',
  ),
  one('DHCP', '10,11/19/26,08:15:30,Assign,10.20.0.9,ws-07.corp.example,AABBCCDDEEFF,,1,0,,,,,,,,,0'),
  one(
    'firewall',
    '#Version: 1.5\n#Fields: date time action protocol src-ip dst-ip src-port dst-port\n2026-11-19 08:15:30 DROP TCP 192.0.2.7 10.20.0.9 4242 3389',
  ),
  one(
    'firewall without header',
    '2026-11-19 08:15:30 DROP TCP 192.0.2.7 10.20.0.9 4242 3389 52 S 1 0 64240 - - - RECEIVE',
  ),
  one('CBS', '2026-11-19 08:15:30, Info                  CBS    Starting TrustedInstaller initialization.'),
  one(
    'Event Viewer, French',
    'Nom du journal : Security\nDate : 19/11/2026 08:15:30\nID de l’événement : 4625\nOrdinateur : dc-9.example.org',
  ),
];
