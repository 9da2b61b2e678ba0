import { oem, utf8, wmicText } from './windows-text.ts';
import type { WindowsProcess, WindowsState } from './windows-state.ts';

/** Minutes that the played offices are ahead of UTC. */
export const AHEAD_MINUTES = 60;

/** `tasklist /v /fo csv`, in the OEM code page: names, titles and headings are translated. */
export function tasklistVerbose(state: WindowsState): Buffer {
  const german = state.language === 'de';
  const heading = german
    ? [
        'Abbildname',
        'PID',
        'Sitzungsname',
        'Sitz.-Nr.',
        'Speichernutzung',
        'Status',
        'Benutzername',
        'CPU-Zeit',
        'Fenstertitel',
      ]
    : ['Image Name', 'PID', 'Session Name', 'Session#', 'Mem Usage', 'Status', 'User Name', 'CPU Time', 'Window Title'];
  const none = german ? 'Nicht zutreffend' : 'N/A';
  const memory = (kb: number): string => `${kb.toLocaleString(german ? 'de-DE' : 'en-US')} K`;
  const rows = state.processes.map((process) => [
    process.image,
    String(process.pid),
    process.session === 0 ? 'Services' : 'Console',
    String(process.session),
    memory(process.memoryKb),
    process.title === undefined ? (german ? 'Unbekannt' : 'Unknown') : german ? 'Wird ausgeführt' : 'Running',
    process.user,
    '0:00:07',
    process.title ?? none,
  ]);
  return oem([heading, ...rows].map(csvLine));
}

/** `tasklist /svc /fo csv`. */
export function tasklistServices(state: WindowsState): Buffer {
  const german = state.language === 'de';
  const heading = german ? ['Abbildname', 'PID', 'Dienste'] : ['Image Name', 'PID', 'Services'];
  const none = german ? 'Nicht zutreffend' : 'N/A';
  const rows = state.processes.map((process) => [
    process.image,
    String(process.pid),
    process.services?.join(',') ?? none,
  ]);
  return oem([heading, ...rows].map(csvLine));
}

/** `netstat -ano`. */
export function netstat(state: WindowsState): Buffer {
  const german = state.language === 'de';
  const states: Readonly<Record<string, string>> = german
    ? { LISTENING: 'ABHÖREN', ESTABLISHED: 'HERGESTELLT', TIME_WAIT: 'WARTEND' }
    : {};
  const columns = german
    ? ['Proto', 'Lokale Adresse', 'Remoteadresse', 'Status', 'PID']
    : ['Proto', 'Local Address', 'Foreign Address', 'State', 'PID'];
  const row = ([protocol, local, remote, word, pid]: readonly string[]): string =>
    `  ${protocol!.padEnd(6)} ${local!.padEnd(22)} ${remote!.padEnd(22)} ${word!.padEnd(15)} ${pid!}`;
  return oem([
    '',
    german ? 'Aktive Verbindungen' : 'Active Connections',
    '',
    row(columns),
    ...state.sockets.map((s) => row([s.transport, s.local, s.remote, states[s.state] ?? s.state, String(s.pid)])),
  ]);
}

/** `wmic process get KEYS /value`: UTF-16, keys in alphabetical order, two empty lines around each process. */
export function wmicProcesses(state: WindowsState, keys: readonly string[]): Buffer {
  const values = (process: WindowsProcess): Readonly<Record<string, string>> => ({
    commandline: process.commandLine ?? '',
    creationdate: cimDate(process.startedAt),
    executablepath: process.path ?? '',
    name: process.image,
    parentprocessid: String(process.parentPid),
    processid: String(process.pid),
  });
  const sorted = [...keys].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return wmicText(
    state.processes.flatMap((process) => [
      '',
      '',
      ...sorted.map((key) => `${key}=${values(process)[key.toLowerCase()] ?? ''}`),
    ]),
  );
}

/** `query user`. */
export function queryUser(state: WindowsState): Buffer {
  const heading =
    state.language === 'de'
      ? ' BENUTZERNAME          SITZUNGSNAME       ID  STATUS  LEERLAUF   ANMELDEZEIT'
      : ' USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME';
  const active = state.language === 'de' ? 'Aktiv' : 'Active';
  return oem([
    heading,
    ` ${state.user.name.padEnd(22)}console             1  ${active.padEnd(8)} ${state.language === 'de' ? 'Kein' : 'none'}  ${localTime(state, state.user.since)}`,
  ]);
}

/** `dir` of the files whose path is wanted, folder by folder, as `/a-d /t:w` shows them. */
export function dir(state: WindowsState, wanted: (path: string) => boolean): Buffer {
  const german = state.language === 'de';
  const files = state.files.filter(({ path }) => wanted(path));
  if (files.length === 0) return Buffer.alloc(0);
  const folders = groupByFolder(files);
  return utf8([
    german ? ' Volume in Laufwerk C: hat keine Bezeichnung.' : ' Volume in drive C has no label.',
    german ? ' Volumeseriennummer: 5C4F-9A1B' : ' Volume Serial Number is 5C4F-9A1B',
    ...[...folders].flatMap(([folder, inside]) => [
      '',
      `${german ? ' Verzeichnis von' : ' Directory of'} ${folder}`,
      '',
      ...inside.map(
        (file) =>
          `${localTime(state, file.modifiedAt)}${file.sizeBytes.toLocaleString(german ? 'de-DE' : 'en-US').padStart(18)} ${file.path.slice(folder.length + 1)}`,
      ),
      `${String(inside.length).padStart(16)} ${german ? 'Datei(en),' : 'File(s)'} ${inside.reduce((sum, f) => sum + f.sizeBytes, 0)} ${german ? 'Bytes' : 'bytes'}`,
    ]),
  ]);
}

function groupByFolder(files: WindowsState['files']): Map<string, WindowsState['files'][number][]> {
  const folders = new Map<string, WindowsState['files'][number][]>();
  for (const file of files) {
    const folder = file.path.slice(0, file.path.lastIndexOf('\\'));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

/** A moment as the country's Windows prints it: `21.11.2026  12:09` or `11/21/2026  12:09 PM`. */
export function localTime(state: Pick<WindowsState, 'language'>, iso: string): string {
  const [date, time] = new Date(Date.parse(iso) + AHEAD_MINUTES * 60_000).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  const clock = time.slice(0, 5);
  if (state.language === 'de') return `${day}.${month}.${year}  ${clock}`;
  const hour = Number(clock.slice(0, 2));
  return `${month}/${day}/${year}  ${String(hour % 12 || 12).padStart(2, '0')}${clock.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** `%TIME%`: 24 hours, hundredths after the country's decimal sign, a blank before a single hour digit. */
export function clockWithHundredths(state: Pick<WindowsState, 'language'>, shown: string, now: string): string {
  const [hour = '', minute = ''] = shown.slice(0, 5).split(':');
  const hour24 = shown.endsWith('PM')
    ? (Number(hour) % 12) + 12
    : shown.endsWith('AM')
      ? Number(hour) % 12
      : Number(hour);
  return `${String(hour24).padStart(2)}:${minute}:${now.slice(17, 19)}${state.language === 'de' ? ',' : '.'}${now.slice(20, 22)}`;
}

/** `schtasks /query /fo csv /v`, the columns that matter. */
export function scheduledTasks(state: WindowsState): Buffer {
  const heading =
    state.language === 'de'
      ? ['Hostname', 'Aufgabenname', 'Status', 'Auszuführende Aufgabe']
      : ['HostName', 'TaskName', 'Status', 'Task To Run'];
  return oem([
    csvLine(heading),
    csvLine([
      state.hostName,
      '\\Microsoft\\Windows\\Defrag\\ScheduledDefrag',
      'Ready',
      '%windir%\\system32\\defrag.exe -c -h -o',
    ]),
  ]);
}

/** CIM_DATETIME: `20261121122235.000000+060`. */
function cimDate(iso: string): string {
  const local = new Date(Date.parse(iso) + AHEAD_MINUTES * 60_000).toISOString();
  return `${local.slice(0, 19).replace(/[-T:]/g, '')}.000000+${String(AHEAD_MINUTES).padStart(3, '0')}`;
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell}"`).join(',');
}
