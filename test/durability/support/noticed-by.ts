import type { WayName } from './ways.ts'

/**
 * For each file that waits for the disk: the ways that go through it. Every sync in it must be
 * noticed by one of them, or be named in `needless` below.
 */
export const noticedBy: Readonly<Record<string, readonly WayName[]>> = {
  'src/backup/restore.ts': ['restore'],
  'src/backup/tree.ts': ['backUp', 'restore'],
  'src/backup/write-backup.ts': ['backUp'],
  'src/canary/notes.ts': [],
  'src/carry/write-export.ts': ['exportTips'],
  'src/cli/frame/output.ts': ['sealToFile'],
  'src/cli/stick/acknowledge-on-server.ts': ['acknowledgeOnServer'],
  'src/desk/casebook/finish-stopped.ts': ['finishChange'],
  'src/desk/casebook/repair-case.ts': ['repairCase'],
  'src/desk/casebook/write-case.ts': ['changeCase'],
  'src/desk/custody/custody-log.ts': ['changeCase', 'openTips'],
  'src/desk/opening/original.ts': ['openTips'],
  'src/desk/opening/tip-folder.ts': ['openTips'],
  'src/desk/view/build-index.ts': ['changeCase', 'openTips'],
  'src/disk/dir-sync.ts': ['postRaw'],
  'src/disk/make-folder.ts': ['firstStart'],
  'src/disk/small-files.ts': ['makeKey'],
  'src/doctor/file-system.ts': [],
  'src/ledger/writer.ts': ['storeTip', 'deleteTip'],
  'src/store/discard-requests.ts': ['discardTip', 'askToDiscard'],
  'src/store/drain-marker.ts': ['drain', 'endDraining'],
  'src/store/fs-stage.ts': ['postRaw'],
  'src/store/fs-store.ts': ['postRaw', 'postAgain', 'storeTip', 'deleteTip', 'firstStart'],
  'src/store/marks.ts': [],
  'src/store/reasons.ts': ['parkTip', 'discardTip'],
  'src/store/stored-upload.ts': ['upload', 'endUpload'],
  'src/store/upload-folder.ts': ['recoverUpload', 'firstStart', 'upload'],
}
