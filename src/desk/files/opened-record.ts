import * as Type from 'typebox'

const strict = { additionalProperties: false }
const textOrNull = Type.Union([Type.String({ maxLength: 500 }), Type.Null()])

/** The code of the problem that says that an analyst wrote the case down. */
export const writtenAtDesk = 'WRITTEN_AT_DESK'

/** `opened.json`: the result of opening an envelope. It is written once and never changed. */
export const OpenedRecord = Type.Object(
  {
    schema: Type.Literal('tumen-opened/1'),
    receipt: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. Deadlines are counted from this time. */
    opened_at: Type.String({ maxLength: 20 }),
    /** Program and version. */
    tool: Type.String({ maxLength: 100 }),
    /**
     * The identity that opened the envelope, as listed in the keyring. `retired` is the first day
     * on which its key is no longer valid.
     */
    identity: Type.Object(
      {
        kind: Type.Enum(['hybrid', 'x25519']),
        name: textOrNull,
        retired: textOrNull,
        /** The first group of the key's fingerprint, because one name may have had several keys. */
        key: Type.Optional(Type.String({ pattern: '^[0-9]{5}$' })),
      },
      strict,
    ),
    /** Signer and trusted comment of the export that contained the envelope. */
    export: Type.Object(
      { signer: Type.String({ maxLength: 500 }), comment: Type.String({ maxLength: 2_000 }) },
      strict,
    ),
    envelope_bytes: Type.Integer({ minimum: 0 }),
    attachments: Type.Array(
      Type.Object(
        {
          /** Path relative to the tip's folder: `attachments/…`. */
          path: Type.String({ maxLength: 2_000 }),
          bytes: Type.Integer({ minimum: 0 }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        strict,
      ),
    ),
    /** Oddities found in the envelope, each as in `OpenProblem`. */
    problems: Type.Array(
      Type.Object(
        { code: Type.String({ maxLength: 100 }), detail: Type.String({ maxLength: 4_000 }) },
        strict,
      ),
    ),
  },
  strict,
)
export type OpenedRecord = Type.Static<typeof OpenedRecord>

/**
 * The first day on which the key was no longer valid (retired or expired), if the envelope was
 * opened on or after that day; otherwise null.
 */
export function endOfKey({ identity, opened_at }: OpenedRecord): string | null {
  return identity.retired !== null && identity.retired <= opened_at.slice(0, 10)
    ? identity.retired
    : null
}
