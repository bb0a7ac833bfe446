import * as Type from 'typebox'
import { schemaProblem } from '../../keyring/schema-problem.ts'
import { maxReplySettingsBytes } from '../files/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'
import { parseJsonFile, readCasebookFile } from '../files/read-file.ts'

/** `reply-settings.json`, which the analysts write: `{ "tell_opened": false }`. */
const ReplySettings = Type.Object(
  {
    /** Whether sources learn that staff opened what they sent; true without the file. */
    tell_opened: Type.Optional(Type.Boolean()),
    /** Addresses of the intake that are withdrawn; the index names them to the page. */
    closed: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z2-7]{56}\\.onion$' }), { maxItems: 16 }),
    ),
  },
  { additionalProperties: false },
)

export interface ReplySettings {
  tellsOpened: boolean
  closed: readonly string[]
}

/**
 * @throws CasebookError `FILE_DAMAGED`: a file that cannot be read may have forbidden something, so
 * nothing goes on a stick before it is repaired.
 */
export async function readReplySettings(casebook: string): Promise<ReplySettings> {
  const bytes = await readCasebookFile(layoutOf(casebook).replySettings, maxReplySettingsBytes)
  if (bytes === null) return { tellsOpened: true, closed: [] }
  const value = parseJsonFile(bytes)
  const problem = schemaProblem(ReplySettings, value)
  if (problem !== null)
    throw new CasebookError('FILE_DAMAGED', `reply-settings.json does not fit: ${problem}`)
  const { tell_opened: tellsOpened = true, closed = [] } = value as Type.Static<
    typeof ReplySettings
  >
  return { tellsOpened, closed }
}
