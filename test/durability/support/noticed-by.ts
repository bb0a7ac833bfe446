import type { WayName } from './ways.ts'

/**
 * From each source file or folder that contains syncs to the ways that use it, the most likely one
 * first. If one of its syncs is removed, one of these ways must report a problem.
 */
const noticedBy: Readonly<Record<string, readonly WayName[]>> = {
  'src/backup/restore.ts': ['restore'],
  'src/backup/tree.ts': ['backUp', 'restore'],
  'src/backup/write-backup.ts': ['backUp'],
  'src/canary/notes.ts': ['finishCanary'],
  'src/carry/': ['exportTips', 'exportIndex', 'exportMany'],
  'src/cli/frame/output.ts': ['sealToFile'],
  'src/cli/stick/acknowledge-on-server.ts': ['acknowledgeOnServer'],
  'src/desk/casebook/finish-stopped.ts': ['finishChange'],
  'src/desk/casebook/repair-case.ts': ['repairCase'],
  'src/desk/casebook/write-case.ts': ['changeCase'],
  'src/desk/custody/custody-log.ts': ['changeCase', 'changeWithoutLog'],
  'src/desk/custody/finish-replies.ts': ['finishBook'],
  'src/desk/custody/publish-logged.ts': ['changeCase', 'bringAnswers'],
  'src/desk/opening/': ['openTips'],
  'src/desk/opening/dangerzone.ts': ['convertCopies'],
  'src/desk/replies/': ['bringAnswers'],
  'src/desk/view/build-index.ts': ['changeCase'],
  'src/disk/dir-sync.ts': ['postRaw', 'drainConfined'],
  'src/disk/make-folder.ts': ['firstStart'],
  'src/disk/small-files.ts': ['makeKey'],
  'src/ledger/': ['fillSegment', 'splitLedger', 'storeTip'],
  'src/reply-store/hand-over.ts': ['handOverAnswers'],
  'src/reply-store/place-files.ts': ['takeInAnswers', 'finishAnswers', 'takeBackAnswers'],
  'src/store/deletion-request.ts': ['askToDelete', 'endDeleting'],
  'src/store/discard-requests.ts': ['discardTip', 'askToDiscard'],
  'src/store/drain-marker.ts': ['drain', 'endDraining'],
  'src/store/fs-stage.ts': ['postRaw'],
  'src/store/fs-store.ts': ['postRaw', 'postAgain', 'storeTip', 'deleteTip', 'startAfterKill'],
  'src/store/marks.ts': ['exportTips'],
  'src/store/reasons.ts': ['parkTip', 'discardTip'],
  'src/store/staging-folder.ts': ['prepareFolder', 'startAfterKill', 'firstStart'],
  'src/store/stored-upload.ts': ['upload', 'endUpload'],
  'src/store/upload-folder.ts': ['recoverUpload', 'startAfterKill', 'upload'],
}

/** Syncs on which no promise depends, by file and text, with the reason. */
const needless: Readonly<Record<string, string>> = {
  'src/desk/custody/custody-log.ts file.datasync()':
    'takes back lines after a call has failed, as far as the disk still can',
  'src/desk/opening/digested-file.ts handle.datasync()':
    'begins early what the sync at the end of the file waits for',
  'src/doctor/file-system.ts file.sync()': 'asks whether the disk can do it, and keeps nothing',
  'src/doctor/file-system.ts syncDirectory(folder)':
    'asks whether the disk can do it, and keeps nothing',
  'src/ledger/open.ts handle.sync()': 'a torn line that comes back is cut off once more',
}

/** Finds the longest listed prefix of `path`, and returns its ways; empty if none is listed. */
export function waysThrough(path: string): readonly WayName[] {
  const [name] = Object.keys(noticedBy)
    .filter((each) => path.startsWith(each))
    .sort((one, other) => other.length - one.length)
  return name === undefined ? [] : (noticedBy[name] ?? [])
}

export function reasonForNone(path: string, text: string): string | null {
  return needless[`${path} ${text}`] ?? null
}
