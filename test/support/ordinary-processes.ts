import type { ProcessFact } from '../../domain/facts/snapshot.ts';
import type { Platform } from '../../domain/subject.ts';
import { aProcess } from './snapshots.ts';

/** What runs on machines of people who share nothing: 36 Linux and 27 Windows programs, `executable` then `command line`. */
const LINUX = `
/usr/lib/systemd/systemd|/sbin/init
/usr/lib/systemd/systemd-journald|/lib/systemd/systemd-journald
/usr/lib/systemd/systemd-udevd|/lib/systemd/systemd-udevd
/usr/lib/systemd/systemd-logind|/lib/systemd/systemd-logind
/usr/sbin/NetworkManager|/usr/sbin/NetworkManager --no-daemon
/usr/sbin/cron|/usr/sbin/cron -f
/usr/sbin/sshd|sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups
/usr/sbin/rsyslogd|/usr/sbin/rsyslogd -n -iNONE
/usr/bin/dbus-daemon|/usr/bin/dbus-daemon --system --address=systemd:
/usr/bin/python3.11|/usr/bin/python3 /usr/bin/networkd-dispatcher --run-startup-triggers
/usr/bin/python3.11|/usr/bin/python3 /usr/share/unattended-upgrades/unattended-upgrade-shutdown --wait-for-signal
/usr/bin/python3.11|python3 -m http.server 8000
/usr/bin/python3.11|/usr/bin/python3 /usr/bin/deluge_exporter.py
/usr/bin/perl|/usr/bin/perl -wT /usr/sbin/munin-node
/usr/bin/bash|-bash
/usr/bin/dash|sh -c ls
/usr/bin/vim.basic|vim /usr/bin/deluged
/usr/bin/grep|grep -r uTorrent.exe /srv/share
/usr/bin/tmux|tmux new -s rtorrent
/usr/bin/screen|SCREEN -dmS rt rtorrent
/usr/bin/gnome-shell|/usr/bin/gnome-shell
/usr/bin/nautilus|/usr/bin/nautilus /home/alice/Downloads/Linux.torrent
/usr/lib/firefox-esr/firefox-esr|/usr/lib/firefox-esr/firefox-esr https://www.bittorrent.com
/opt/google/chrome/chrome|/opt/google/chrome/chrome --type=renderer
/usr/share/code/code|/usr/share/code/code --type=utility
/usr/lib/jvm/java-17-openjdk-amd64/bin/java|java -jar /opt/jenkins/jenkins.war
/usr/lib/jvm/java-17-openjdk-amd64/bin/java|java -cp /opt/elastic/lib/* org.elasticsearch.bootstrap.Elasticsearch
/usr/bin/node|node /srv/app/server.js
/usr/bin/curl|curl -s -o ubuntu.iso http://203.0.113.11:6881/payload.iso
/usr/bin/wget|wget https://example.org/transmission-daemon.deb
/usr/bin/rsync|rsync -a /home/alice/.config/transmission-daemon /backup
/usr/bin/syncthing|/usr/bin/syncthing serve --no-browser
/usr/lib/apt/methods/http|/usr/lib/apt/methods/http
/usr/bin/wine64-preloader|C:\\windows\\system32\\services.exe
/usr/bin/transmission-remote|transmission-remote nas.example.org -l
/usr/sbin/mysqld|/usr/sbin/mysqld
`;

const WINDOWS = `
C:\\Windows\\System32\\svchost.exe|C:\\Windows\\System32\\svchost.exe -k NetworkService -p -s DoSvc
C:\\Windows\\System32\\lsass.exe|C:\\Windows\\system32\\lsass.exe
C:\\Windows\\System32\\services.exe|C:\\Windows\\system32\\services.exe
C:\\Windows\\System32\\winlogon.exe|winlogon.exe
C:\\Windows\\System32\\csrss.exe|%SystemRoot%\\system32\\csrss.exe ObjectDirectory=\\Windows
C:\\Windows\\System32\\smss.exe|\\SystemRoot\\System32\\smss.exe
C:\\Windows\\explorer.exe|C:\\Windows\\Explorer.EXE
C:\\Windows\\System32\\spoolsv.exe|C:\\Windows\\System32\\spoolsv.exe
C:\\Windows\\System32\\taskhostw.exe|taskhostw.exe
C:\\Windows\\System32\\dwm.exe|dwm.exe
C:\\Windows\\SysWOW64\\rundll32.exe|rundll32.exe shell32.dll,Control_RunDLL
C:\\Windows\\System32\\conhost.exe|\\??\\C:\\Windows\\system32\\conhost.exe 0x4
C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe|chrome.exe --type=renderer
C:\\Program Files\\Mozilla Firefox\\firefox.exe|firefox.exe https://utorrent.com
C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe|msedge.exe --no-startup-window
C:\\Users\\alice\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe|OneDrive.exe /background
C:\\Users\\alice\\AppData\\Local\\Microsoft\\Teams\\current\\Teams.exe|Teams.exe --type=renderer
C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE|WINWORD.EXE C:\\Users\\alice\\BitTorrent-policy.docx
C:\\Program Files\\Java\\jre1.8.0_401\\bin\\javaw.exe|javaw.exe -jar C:\\app\\app.jar
C:\\Program Files\\nodejs\\node.exe|node.exe C:\\srv\\server.js
C:\\ProgramData\\Battle.net\\Agent\\Agent.8372\\Agent.exe|Agent.exe --session=1
C:\\Program Files (x86)\\Steam\\steam.exe|steam.exe -silent
C:\\Users\\alice\\AppData\\Local\\Programs\\Editor\\nw.exe|nw.exe .
C:\\Program Files\\Vendor\\helper.exe|helper.exe
C:\\Program Files\\Windows Defender\\MsMpEng.exe|MsMpEng.exe
C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe|powershell.exe -NoProfile
C:\\Program Files\\7-Zip\\7zFM.exe|7zFM.exe C:\\Users\\alice\\Downloads\\uTorrent.zip
`;

/** The ordinary processes of one platform, with PIDs from 1000. */
export function ordinaryProcesses(platform: Extract<Platform, 'linux' | 'windows'>): readonly ProcessFact[] {
  const lines = (platform === 'linux' ? LINUX : WINDOWS).trim().split('\n');
  return lines.map((line, index) => {
    const [executable = '', commandLine = ''] = line.split('|');
    return aProcess({ pid: 1000 + index, executable, commandLine });
  });
}
