import type { Attachment } from '../../tip/attachment.ts'
import type { CaseView } from '../files/case-view.ts'
import type { Account, HeldFile } from './account.ts'
import type { Disclosed, DisclosedFile } from './disclosed.ts'
import type { TipText } from './tip-texts.ts'

interface FileReview {
  going: DisclosedFile[]
  account: Pick<Account, 'heldFiles' | 'releasedFiles'>
}

type Opened = CaseView['opened']['attachments'][number]

/**
 * Which files of a tip may leave. A file may leave if it contains no hidden data, because a hidden
 * place and time lead to the person who made it. Any other file is withheld, and listed, until an
 * analyst releases it.
 *
 * @param clear returns the text if it may leave, else null.
 */
export function discloseFiles(
  view: CaseView,
  ref: string,
  level: Disclosed['level'],
  clear: (found: TipText) => string | null,
): FileReview {
  const going: DisclosedFile[] = []
  const heldFiles: HeldFile[] = []
  const releasedFiles: { name: string; as: 'original' | 'copy'; reason: string }[] = []
  for (const [number, opened] of view.opened.attachments.entries()) {
    const name = nameOf(opened)
    const index = (view.tip?.attachments ?? []).findIndex((each) => each.name === name)
    const told = view.tip?.attachments?.[index]
    const release = view.state.releases.get(opened.sha256)
    const why = level === 'named_photo' ? whyHeld(told) : 'LEVEL'
    if (why === 'LEVEL' || (why !== null && release === undefined)) {
      heldFiles.push({ name, why })
      continue
    }
    const as = why === null || release?.as !== 'copy' ? 'original' : 'copy'
    if (why !== null && release !== undefined)
      releasedFiles.push({ name, as, reason: release.reason })
    const say = (field: 'name' | 'media_type'): string | null => {
      const text = told?.[field]
      return text ? clear({ path: `attachments.${index}.${field}`, text }) : null
    }
    const kind = as === 'copy' ? pdf : kindOf(name)
    going.push({
      name: `${ref}-${number + 1}${kind?.extension ?? ''}`,
      bytes: as === 'copy' ? null : opened.bytes,
      sha256: as === 'copy' ? (release?.copy ?? opened.sha256) : opened.sha256,
      media_type: as === 'copy' ? pdf.mediaType : (say('media_type') ?? kind?.mediaType ?? null),
      original_name: say('name'),
      metadata: told?.metadata ?? null,
      as,
    })
  }
  return { going, account: { heldFiles, releasedFiles } }
}

/** The name of an attachment as the source gave it. */
export function nameOf({ path }: Pick<Opened, 'path'>): string {
  return path.replace(/^attachments\//u, '')
}

function whyHeld(told: Attachment | undefined): Exclude<HeldFile['why'], 'LEVEL'> | null {
  switch (told?.metadata) {
    case 'removed':
    case 'none_found':
      return null
    case 'kept':
      return 'KEPT'
    case 'cannot_be_removed':
      return 'CANNOT_BE_CLEANED'
    default:
      return 'NOT_LOOKED_AT'
  }
}

interface FileKind {
  extension: string
  mediaType: string
}

const pdf: FileKind = { extension: '.pdf', mediaType: 'application/pdf' }

/**
 * The extensions and media types that are disclosed for files. A closed list, because an extension
 * such as `.from-mina` is the source's wording, and so is a media type.
 */
const kinds: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['avif', 'image/avif'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['pdf', 'application/pdf'],
  ['mp4', 'video/mp4'],
  ['mov', 'video/quicktime'],
  ['webm', 'video/webm'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['txt', 'text/plain'],
])

function kindOf(name: string): FileKind | null {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const mediaType = kinds.get(ending)
  return mediaType === undefined ? null : { extension: `.${ending}`, mediaType }
}
