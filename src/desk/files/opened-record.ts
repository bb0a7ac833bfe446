import * as Type from 'typebox'

const strict = { additionalProperties: false }
const textOrNull = Type.Union([Type.String({ maxLength: 500 }), Type.Null()])

/** `opened.json`: what opening an envelope found. Written once, never changed. */
export const OpenedRecord = Type.Object(
  {
    schema: Type.Literal('tumen-opened/1'),
    receipt: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** UTC, `YYYY-MM-DDTHH:MM:SSZ`: deadlines are counted from here. */
    opened_at: Type.String({ maxLength: 20 }),
    /** Program and version. */
    tool: Type.String({ maxLength: 100 }),
    /**
     * Which identity opened it, as the keyring knows it; `retired` is the first day it counts no
     * more.
     */
    identity: Type.Object(
      {
        kind: Type.Enum(['hybrid', 'x25519']),
        name: textOrNull,
        retired: textOrNull,
        /** The first group of its fingerprint: one name may have had several keys. */
        key: Type.Optional(Type.String({ pattern: '^[0-9]{5}$' })),
      },
      strict,
    ),
    /** Who signed the export it came with, and what they said of it. */
    export: Type.Object(
      { signer: Type.String({ maxLength: 500 }), comment: Type.String({ maxLength: 2_000 }) },
      strict,
    ),
    envelope_bytes: Type.Integer({ minimum: 0 }),
    attachments: Type.Array(
      Type.Object(
        {
          /** Below the tip's folder: `attachments/…`. */
          path: Type.String({ maxLength: 2_000 }),
          bytes: Type.Integer({ minimum: 0 }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        strict,
      ),
    ),
    /** As `OpenProblem`: what was odd about it. */
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
 * The first day the key counted no more, retired or run out, if that was so when it opened this;
 * else null.
 */
export function endOfKey({ identity, opened_at }: OpenedRecord): string | null {
  return identity.retired !== null && identity.retired <= opened_at.slice(0, 10)
    ? identity.retired
    : null
}
