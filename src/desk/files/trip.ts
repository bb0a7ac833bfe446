import * as Type from 'typebox'

const strict = { additionalProperties: false }
const hex = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` })
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** Receipts in one record: several for a source who wrote more than once. */
export const maxOpenedInTrip = 10_000
/** Keyrings that a desk remembers; an index names 16 of them. */
export const maxKeyringsSeen = 64

/**
 * `replies/DROP.json`: what one stick brought. It is written once, after the stick was synced, and
 * never changed.
 */
export const Trip = Type.Object(
  {
    schema: Type.Literal('tumen-trip/1'),
    drop: hex(32),
    /** The desk key that signed the drop and its index. */
    key: Type.String({ pattern: '^[0-9A-F]{16}$' }),
    /** Counts the trips of this casebook, whatever the key. */
    number: Type.Integer({ minimum: 1 }),
    /** Number of the index. */
    seq: Type.Integer({ minimum: 1 }),
    day,
    bytes: Type.Integer({ minimum: 1 }),
    sha256: hex(64),
    /** Ids of the answers in the drop. */
    messages: Type.Array(hex(32), { maxItems: 64 }),
    /** Receipts of the tips that it reports as opened. */
    opened: Type.Array(hex(64), { maxItems: maxOpenedInTrip }),
  },
  strict,
)
export type Trip = Type.Static<typeof Trip>

/** A drop that another casebook with the same key may have made. */
const ForeignDrop = Type.Object(
  { id: hex(32), day, bytes: Type.Integer({ minimum: 1 }), sha256: hex(64) },
  strict,
)

/** `replies/book.json`: what changes from trip to trip. */
export const ReplyBook = Type.Object(
  {
    schema: Type.Literal('tumen-replies/1'),
    /** Number of trips so far, those included that were stopped. */
    trips: Type.Integer({ minimum: 0 }),
    /** For each desk key, the highest number of an index that was written or came back. */
    keys: Type.Record(
      Type.String({ pattern: '^[0-9A-F]{16}$' }),
      Type.Object(
        {
          seq: Type.Integer({ minimum: 0 }),
          drops: Type.Array(ForeignDrop, { maxItems: 64 }),
        },
        strict,
      ),
    ),
    /** Drops that an index which came back names, and the day of that index. */
    published: Type.Record(Type.String({ pattern: '^[0-9a-f]{32}$' }), day),
    /** Keyrings that this desk has seen, newest first. */
    keyrings: Type.Array(Type.Object({ sha256: hex(64), issued: day }, strict), {
      maxItems: maxKeyringsSeen,
    }),
  },
  strict,
)
export type ReplyBook = Type.Static<typeof ReplyBook>

export const emptyReplyBook: ReplyBook = {
  schema: 'tumen-replies/1',
  trips: 0,
  keys: {},
  published: {},
  keyrings: [],
}

/** What a view needs of `replies/`. */
export interface Trips {
  readonly trips: readonly Trip[]
  readonly book: ReplyBook
}

export const noTrips: Trips = { trips: [], book: emptyReplyBook }

/**
 * Whether what a trip brought must be sent again with trip `next`: its drop was not published
 * although two later exports could have said so.
 */
export function isLostAt({ number, drop }: Trip, book: ReplyBook, next: number): boolean {
  return book.published[drop] === undefined && number + 2 <= next
}

/**
 * Whether an answer must be sent again with trip `next`: none of the drops that brought it was
 * published, and the first of them is lost.
 * @param carried the trips that brought it, oldest first
 */
export function isUndelivered(carried: readonly Trip[], book: ReplyBook, next: number): boolean {
  const [first] = carried
  const isPublished = carried.some(({ drop }) => book.published[drop] !== undefined)
  return first !== undefined && !isPublished && isLostAt(first, book, next)
}
