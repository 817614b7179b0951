/** web-01's auth.log, RFC 3164 without a year, clock in Europe/Berlin; written for the demo. */
export const authLog = `Nov 19 23:20:01 web-01 CRON[21857]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 19 23:20:02 web-01 CRON[21857]: pam_unix(cron:session): session closed for user root
Nov 19 23:22:40 web-01 sshd[27363]: Accepted publickey for deploy from 10.20.0.14 port 57051 ssh2: ED25519 SHA256:q3vVd0m1sYf0kEXAMPLEkEyOne9Zt7Lw2hXr5cPnAbc
Nov 19 23:22:40 web-01 sshd[27363]: pam_unix(sshd:session): session opened for user deploy(uid=1004) by (uid=0)
Nov 19 23:22:40 web-01 systemd-logind[612]: New session 911 of user deploy.
Nov 19 23:22:51 web-01 sudo: deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx
Nov 19 23:22:51 web-01 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1004)
Nov 19 23:22:53 web-01 sudo: pam_unix(sudo:session): session closed for user root
Nov 19 23:24:15 web-01 sshd[27363]: Received disconnect from 10.20.0.14 port 57051:11: disconnected by user
Nov 19 23:24:15 web-01 sshd[27363]: pam_unix(sshd:session): session closed for user deploy
Nov 19 23:24:51 web-01 sshd[23555]: Invalid user pi from 192.0.2.210 port 46607
Nov 19 23:24:52 web-01 sshd[23555]: Connection closed by invalid user pi 192.0.2.210 port 54334 [preauth]
Nov 19 23:30:01 web-01 CRON[38289]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 19 23:30:02 web-01 CRON[38289]: pam_unix(cron:session): session closed for user root
Nov 19 23:31:07 web-01 sshd[26480]: Failed password for invalid user git from 203.0.113.66 port 45398 ssh2
Nov 19 23:31:21 web-01 sshd[24001]: Failed password for root from 203.0.113.66 port 51277 ssh2
Nov 19 23:31:26 web-01 sshd[39301]: Failed password for root from 203.0.113.66 port 46736 ssh2
Nov 19 23:31:35 web-01 sshd[26902]: Failed password for invalid user admin from 203.0.113.66 port 44416 ssh2
Nov 19 23:31:46 web-01 sshd[35260]: Failed password for root from 203.0.113.66 port 40355 ssh2
Nov 19 23:32:00 web-01 sshd[32180]: Failed password for root from 203.0.113.66 port 36184 ssh2
Nov 19 23:32:12 web-01 sshd[33052]: Failed password for invalid user git from 203.0.113.66 port 50486 ssh2
Nov 19 23:32:21 web-01 sshd[28104]: Failed password for invalid user admin from 203.0.113.66 port 33399 ssh2
Nov 19 23:32:30 web-01 sshd[26347]: Failed password for invalid user jenkins from 203.0.113.66 port 44078 ssh2
Nov 19 23:32:39 web-01 sshd[22168]: Failed password for root from 203.0.113.66 port 45065 ssh2
Nov 19 23:32:50 web-01 sshd[29218]: Failed password for invalid user test from 203.0.113.66 port 46736 ssh2
Nov 19 23:33:04 web-01 sshd[27616]: Failed password for root from 203.0.113.66 port 53607 ssh2
Nov 19 23:33:05 web-01 sshd[27616]: error: maximum authentication attempts exceeded for root from 203.0.113.66 port 53607 ssh2 [preauth]
Nov 19 23:33:13 web-01 sshd[22627]: Failed password for svc-backup from 203.0.113.66 port 33334 ssh2
Nov 19 23:33:18 web-01 sshd[21198]: Failed password for postgres from 203.0.113.66 port 53829 ssh2
Nov 19 23:33:27 web-01 sshd[28916]: Failed password for root from 203.0.113.66 port 45875 ssh2
Nov 19 23:33:38 web-01 sshd[20769]: Failed password for invalid user jenkins from 203.0.113.66 port 35397 ssh2
Nov 19 23:33:47 web-01 sshd[21899]: Failed password for root from 203.0.113.66 port 43989 ssh2
Nov 19 23:33:54 web-01 sshd[26050]: Failed password for invalid user test from 203.0.113.66 port 33422 ssh2
Nov 19 23:34:05 web-01 sshd[22478]: Failed password for svc-backup from 203.0.113.66 port 48084 ssh2
Nov 19 23:34:17 web-01 sshd[36637]: Failed password for www-data from 203.0.113.66 port 40561 ssh2
Nov 19 23:34:28 web-01 sshd[29789]: Failed password for www-data from 203.0.113.66 port 34396 ssh2
Nov 19 23:34:37 web-01 sshd[22539]: Failed password for postgres from 203.0.113.66 port 41318 ssh2
Nov 19 23:34:48 web-01 sshd[28511]: Failed password for root from 203.0.113.66 port 36914 ssh2
Nov 19 23:35:01 web-01 sshd[31860]: Failed password for postgres from 203.0.113.66 port 38922 ssh2
Nov 19 23:35:12 web-01 sshd[34346]: Failed password for invalid user backup from 203.0.113.66 port 42473 ssh2
Nov 19 23:35:21 web-01 sshd[30772]: Failed password for invalid user admin from 203.0.113.66 port 54924 ssh2
Nov 19 23:35:30 web-01 sshd[21394]: Failed password for invalid user git from 203.0.113.66 port 40574 ssh2
Nov 19 23:35:44 web-01 sshd[21525]: Failed password for invalid user admin from 203.0.113.66 port 50422 ssh2
Nov 19 23:35:57 web-01 sshd[29472]: Failed password for invalid user test from 203.0.113.66 port 53465 ssh2
Nov 19 23:36:11 web-01 sshd[25315]: Failed password for root from 203.0.113.66 port 32817 ssh2
Nov 19 23:36:16 web-01 sshd[24071]: Failed password for invalid user oracle from 203.0.113.66 port 45795 ssh2
Nov 19 23:36:19 web-01 sshd[20883]: Invalid user ubnt from 192.0.2.44 port 48533
Nov 19 23:36:20 web-01 sshd[20883]: Connection closed by invalid user ubnt 192.0.2.44 port 55859 [preauth]
Nov 19 23:36:30 web-01 sshd[21604]: Failed password for root from 203.0.113.66 port 50080 ssh2
Nov 19 23:36:37 web-01 sshd[34001]: Failed password for invalid user admin from 203.0.113.66 port 42989 ssh2
Nov 19 23:36:48 web-01 sshd[28217]: Failed password for root from 203.0.113.66 port 57760 ssh2
Nov 19 23:36:55 web-01 sshd[23041]: Failed password for svc-backup from 203.0.113.66 port 47646 ssh2
Nov 19 23:36:56 web-01 sshd[23041]: error: maximum authentication attempts exceeded for svc-backup from 203.0.113.66 port 47646 ssh2 [preauth]
Nov 19 23:37:00 web-01 sshd[38366]: Failed password for invalid user git from 203.0.113.66 port 59260 ssh2
Nov 19 23:37:14 web-01 sshd[31269]: Failed password for invalid user admin from 203.0.113.66 port 58934 ssh2
Nov 19 23:37:21 web-01 sshd[39668]: Failed password for root from 203.0.113.66 port 43565 ssh2
Nov 19 23:37:32 web-01 sshd[28636]: Failed password for invalid user admin from 203.0.113.66 port 34416 ssh2
Nov 19 23:37:43 web-01 sshd[33240]: Failed password for invalid user admin from 203.0.113.66 port 38307 ssh2
Nov 19 23:37:56 web-01 sshd[28697]: Failed password for invalid user test from 203.0.113.66 port 50638 ssh2
Nov 19 23:38:09 web-01 sshd[35093]: Failed password for root from 203.0.113.66 port 47868 ssh2
Nov 19 23:38:23 web-01 sshd[36276]: Failed password for invalid user admin from 203.0.113.66 port 55296 ssh2
Nov 19 23:38:37 web-01 sshd[30590]: Failed password for postgres from 203.0.113.66 port 35854 ssh2
Nov 19 23:38:46 web-01 sshd[28400]: Failed password for postgres from 203.0.113.66 port 56717 ssh2
Nov 19 23:38:58 web-01 sshd[28993]: Failed password for root from 203.0.113.66 port 44115 ssh2
Nov 19 23:39:03 web-01 sshd[38670]: Failed password for root from 203.0.113.66 port 47429 ssh2
Nov 19 23:39:12 web-01 sshd[36274]: Failed password for invalid user git from 203.0.113.66 port 56216 ssh2
Nov 19 23:39:24 web-01 sshd[33837]: Failed password for invalid user oracle from 203.0.113.66 port 34158 ssh2
Nov 19 23:39:37 web-01 sshd[29493]: Failed password for invalid user backup from 203.0.113.66 port 40491 ssh2
Nov 19 23:39:46 web-01 sshd[26728]: Failed password for root from 203.0.113.66 port 47577 ssh2
Nov 19 23:39:57 web-01 sshd[25429]: Failed password for root from 203.0.113.66 port 41471 ssh2
Nov 19 23:40:01 web-01 CRON[20486]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 19 23:40:02 web-01 CRON[20486]: pam_unix(cron:session): session closed for user root
Nov 19 23:40:02 web-01 sshd[31139]: Failed password for invalid user git from 203.0.113.66 port 40949 ssh2
Nov 19 23:40:13 web-01 sshd[21476]: Failed password for invalid user backup from 203.0.113.66 port 50022 ssh2
Nov 19 23:40:26 web-01 sshd[38920]: Failed password for root from 203.0.113.66 port 34094 ssh2
Nov 19 23:40:31 web-01 sshd[34640]: Failed password for invalid user admin from 203.0.113.66 port 34047 ssh2
Nov 19 23:40:44 web-01 sshd[33508]: Failed password for invalid user git from 203.0.113.66 port 44483 ssh2
Nov 19 23:40:58 web-01 sshd[30655]: Failed password for root from 203.0.113.66 port 34501 ssh2
Nov 19 23:40:59 web-01 sshd[30655]: error: maximum authentication attempts exceeded for root from 203.0.113.66 port 34501 ssh2 [preauth]
Nov 19 23:41:12 web-01 sshd[20286]: Failed password for svc-backup from 203.0.113.66 port 56586 ssh2
Nov 19 23:41:17 web-01 sshd[21993]: Failed password for invalid user admin from 203.0.113.66 port 59615 ssh2
Nov 19 23:41:24 web-01 sshd[34875]: Failed password for invalid user test from 203.0.113.66 port 58351 ssh2
Nov 19 23:41:35 web-01 sshd[25356]: Failed password for postgres from 203.0.113.66 port 54818 ssh2
Nov 19 23:41:48 web-01 sshd[36998]: Failed password for invalid user admin from 203.0.113.66 port 50022 ssh2
Nov 19 23:41:55 web-01 sshd[20677]: Failed password for invalid user admin from 203.0.113.66 port 49352 ssh2
Nov 19 23:42:04 web-01 sshd[34748]: Failed password for root from 203.0.113.66 port 34443 ssh2
Nov 19 23:42:18 web-01 sshd[39538]: Failed password for root from 203.0.113.66 port 35623 ssh2
Nov 19 23:42:23 web-01 sshd[39143]: Failed password for svc-backup from 203.0.113.66 port 44334 ssh2
Nov 19 23:42:37 web-01 sshd[33774]: Failed password for invalid user admin from 203.0.113.66 port 37990 ssh2
Nov 19 23:42:51 web-01 sshd[35058]: Failed password for invalid user backup from 203.0.113.66 port 46271 ssh2
Nov 19 23:43:04 web-01 sshd[36619]: Failed password for invalid user admin from 203.0.113.66 port 34277 ssh2
Nov 19 23:43:15 web-01 sshd[30498]: Failed password for root from 203.0.113.66 port 54470 ssh2
Nov 19 23:43:26 web-01 sshd[21396]: Failed password for invalid user admin from 203.0.113.66 port 47707 ssh2
Nov 19 23:43:37 web-01 sshd[25398]: Failed password for invalid user oracle from 203.0.113.66 port 45970 ssh2
Nov 19 23:43:51 web-01 sshd[21805]: Failed password for invalid user oracle from 203.0.113.66 port 51961 ssh2
Nov 19 23:44:04 web-01 sshd[35185]: Failed password for www-data from 203.0.113.66 port 50278 ssh2
Nov 19 23:44:11 web-01 sshd[38541]: Failed password for invalid user git from 203.0.113.66 port 49426 ssh2
Nov 19 23:44:20 web-01 sshd[25137]: Failed password for root from 203.0.113.66 port 36943 ssh2
Nov 19 23:44:34 web-01 sshd[27286]: Failed password for root from 203.0.113.66 port 48707 ssh2
Nov 19 23:44:47 web-01 sshd[39730]: Failed password for root from 203.0.113.66 port 39427 ssh2
Nov 19 23:44:52 web-01 sshd[28230]: Failed password for invalid user git from 203.0.113.66 port 43679 ssh2
Nov 19 23:45:01 web-01 sshd[31642]: Failed password for svc-backup from 203.0.113.66 port 36088 ssh2
Nov 19 23:45:02 web-01 sshd[31642]: error: maximum authentication attempts exceeded for svc-backup from 203.0.113.66 port 36088 ssh2 [preauth]
Nov 19 23:45:06 web-01 sshd[29102]: Failed password for root from 203.0.113.66 port 45707 ssh2
Nov 19 23:45:17 web-01 sshd[29037]: Failed password for invalid user test from 203.0.113.66 port 44519 ssh2
Nov 19 23:45:22 web-01 sshd[38838]: Failed password for www-data from 203.0.113.66 port 41755 ssh2
Nov 19 23:45:35 web-01 sshd[37507]: Failed password for svc-backup from 203.0.113.66 port 36809 ssh2
Nov 19 23:45:48 web-01 sshd[21584]: Failed password for svc-backup from 203.0.113.66 port 45800 ssh2
Nov 19 23:45:57 web-01 sshd[35640]: Failed password for svc-backup from 203.0.113.66 port 39242 ssh2
Nov 19 23:46:02 web-01 sshd[31658]: Failed password for root from 203.0.113.66 port 33026 ssh2
Nov 19 23:46:13 web-01 sshd[25207]: Failed password for svc-backup from 203.0.113.66 port 38981 ssh2
Nov 19 23:46:22 web-01 sshd[30763]: Failed password for www-data from 203.0.113.66 port 43480 ssh2
Nov 19 23:46:29 web-01 sshd[22113]: Failed password for root from 203.0.113.66 port 34431 ssh2
Nov 19 23:46:34 web-01 sshd[31441]: Failed password for root from 203.0.113.66 port 58866 ssh2
Nov 19 23:46:45 web-01 sshd[25739]: Failed password for root from 203.0.113.66 port 52455 ssh2
Nov 19 23:46:59 web-01 sshd[29587]: Failed password for invalid user git from 203.0.113.66 port 38522 ssh2
Nov 19 23:47:10 web-01 sshd[35872]: Failed password for svc-backup from 203.0.113.66 port 44675 ssh2
Nov 19 23:47:31 web-01 sshd[33418]: Accepted password for svc-backup from 203.0.113.66 port 50022 ssh2
Nov 19 23:47:31 web-01 sshd[33418]: pam_unix(sshd:session): session opened for user svc-backup(uid=1007) by (uid=0)
Nov 19 23:47:31 web-01 systemd-logind[612]: New session 994 of user svc-backup.
Nov 19 23:49:02 web-01 sudo: svc-backup : command not allowed ; TTY=pts/1 ; PWD=/home/svc-backup ; USER=root ; COMMAND=/usr/bin/su -
Nov 19 23:50:01 web-01 CRON[29519]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 19 23:50:02 web-01 CRON[29519]: pam_unix(cron:session): session closed for user root
Nov 19 23:51:44 web-01 sudo: svc-backup : TTY=pts/1 ; PWD=/home/svc-backup ; USER=root ; COMMAND=/usr/bin/rsync -a /tmp/.cache/ /var/www/shop/uploads/
Nov 19 23:51:44 web-01 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by svc-backup(uid=1007)
Nov 19 23:51:45 web-01 sudo: pam_unix(sudo:session): session closed for user root
Nov 19 23:52:01 web-01 sshd[31877]: Failed password for k.beispiel from 198.51.100.10 port 52110 ssh2
Nov 19 23:52:04 web-01 sshd[31877]: Connection closed by authenticating user k.beispiel 198.51.100.10 port 52110 [preauth]
Nov 19 23:52:12 web-01 sshd[29789]: Accepted publickey for k.beispiel from 198.51.100.10 port 40380 ssh2: ED25519 SHA256:H8sLr2w0uTz6EXAMPLEkEyTwo4Bn1Qm9xVy3dKjRefg
Nov 19 23:52:12 web-01 sshd[29789]: pam_unix(sshd:session): session opened for user k.beispiel(uid=1004) by (uid=0)
Nov 19 23:52:12 web-01 systemd-logind[612]: New session 880 of user k.beispiel.
Nov 19 23:52:47 web-01 sudo: k.beispiel : TTY=pts/0 ; PWD=/home/k.beispiel ; USER=root ; COMMAND=/usr/bin/journalctl -u shop-api -n 200
Nov 19 23:52:47 web-01 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by k.beispiel(uid=1004)
Nov 19 23:52:49 web-01 sudo: pam_unix(sudo:session): session closed for user root
Nov 20 00:00:01 web-01 CRON[21462]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:00:02 web-01 CRON[21462]: pam_unix(cron:session): session closed for user root
Nov 20 00:02:22 web-01 sshd[29789]: Received disconnect from 198.51.100.10 port 40380:11: disconnected by user
Nov 20 00:02:22 web-01 sshd[29789]: pam_unix(sshd:session): session closed for user k.beispiel
Nov 20 00:09:37 web-01 sshd[28882]: Invalid user test from 2001:db8:77::19 port 53697
Nov 20 00:09:38 web-01 sshd[28882]: Connection closed by invalid user test 2001:db8:77::19 port 36495 [preauth]
Nov 20 00:10:01 web-01 CRON[22719]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:10:02 web-01 CRON[22719]: pam_unix(cron:session): session closed for user root
Nov 20 00:12:26 web-01 useradd[34102]: new group: name=svc-sync, GID=1011
Nov 20 00:12:26 web-01 useradd[34102]: new user: name=svc-sync, UID=1011, GID=1011, home=/home/svc-sync, shell=/bin/bash, from=/dev/pts/1
Nov 20 00:12:58 web-01 usermod[34117]: add 'svc-sync' to group 'sudo'
Nov 20 00:20:01 web-01 CRON[36107]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:20:02 web-01 CRON[36107]: pam_unix(cron:session): session closed for user root
Nov 20 00:25:03 web-01 sshd[26973]: Accepted publickey for deploy from 10.20.0.14 port 49955 ssh2: ED25519 SHA256:q3vVd0m1sYf0kEXAMPLEkEyOne9Zt7Lw2hXr5cPnAbc
Nov 20 00:25:03 web-01 sshd[26973]: pam_unix(sshd:session): session opened for user deploy(uid=1004) by (uid=0)
Nov 20 00:25:03 web-01 systemd-logind[612]: New session 845 of user deploy.
Nov 20 00:25:12 web-01 sudo: deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx
Nov 20 00:25:12 web-01 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1004)
Nov 20 00:25:14 web-01 sudo: pam_unix(sudo:session): session closed for user root
Nov 20 00:26:23 web-01 sshd[26973]: Received disconnect from 10.20.0.14 port 49955:11: disconnected by user
Nov 20 00:26:23 web-01 sshd[26973]: pam_unix(sshd:session): session closed for user deploy
Nov 20 00:30:01 web-01 CRON[31569]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:30:02 web-01 CRON[31569]: pam_unix(cron:session): session closed for user root
Nov 20 00:40:01 web-01 CRON[21947]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:40:02 web-01 CRON[21947]: pam_unix(cron:session): session closed for user root
Nov 20 00:41:02 web-01 sshd[26571]: Invalid user guest from 192.0.2.210 port 30394
Nov 20 00:41:03 web-01 sshd[26571]: Connection closed by invalid user guest 192.0.2.210 port 49251 [preauth]
Nov 20 00:50:01 web-01 CRON[26146]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 00:50:02 web-01 CRON[26146]: pam_unix(cron:session): session closed for user root
Nov 20 00:58:10 web-01 sshd[35260]: Accepted publickey for svc-sync from 203.0.113.140 port 41877 ssh2: ED25519 SHA256:Zw9EXAMPLEnEwKeY7rTq2LmVx0sYb4uHd6cPkJfGhAi
Nov 20 00:58:10 web-01 sshd[35260]: pam_unix(sshd:session): session opened for user svc-sync(uid=1011) by (uid=0)
Nov 20 01:00:01 web-01 CRON[20389]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 01:00:02 web-01 CRON[20389]: pam_unix(cron:session): session closed for user root
Nov 20 01:03:31 web-01 sudo: svc-sync : TTY=pts/2 ; PWD=/home/svc-sync ; USER=root ; COMMAND=/usr/bin/tar czf /var/www/shop/uploads/db.tgz /var/backups/shop-db
Nov 20 01:03:31 web-01 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by svc-sync(uid=1011)
Nov 20 01:04:12 web-01 sudo: pam_unix(sudo:session): session closed for user root
Nov 20 01:10:01 web-01 CRON[30126]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 01:10:02 web-01 CRON[30126]: pam_unix(cron:session): session closed for user root
Nov 20 01:18:46 web-01 sshd[35260]: Received disconnect from 203.0.113.140 port 41877:11: disconnected by user
Nov 20 01:18:46 web-01 sshd[35260]: pam_unix(sshd:session): session closed for user svc-sync
Nov 20 01:20:01 web-01 CRON[27483]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)
Nov 20 01:20:02 web-01 CRON[27483]: pam_unix(cron:session): session closed for user root
`;
