/** Every size and limit of answers, drops and indexes, in one place. */

/** Length of the age file of every slot. */
export const slotBytes = 8192
/** Header of an age file with one `mlkem768x25519` stanza (1,627), nonce (16) and tag (16). */
export const sealingBytes = 1627 + 16 + 16
/** Length of every message before it is sealed: 6,533 bytes. */
export const messageBytes = slotBytes - sealingBytes

/** An answer that is longer than this is several answers. */
export const maxParts = 4

export const slotsPerDrop = 15
/** Tags of 16 bytes in `opened.tags`: 8,192 bytes, like every other entry. */
export const openedTags = 512
/** A thread gets no more slots of a drop while messages of other threads wait. */
export const maxSlotsPerThread = 4

const tarHeaderBytes = 512
const tarEndBytes = 1024
/** One entry of a drop: its header and its content. */
export const dropEntryBytes = tarHeaderBytes + slotBytes
/** Length of every drop: 140,288 bytes. */
export const dropBytes = (slotsPerDrop + 1) * dropEntryBytes + tarEndBytes

/** Drops in one index, and how long before the day of the index the oldest may be. */
export const maxDropsInIndex = 64
export const maxDropAgeDays = 60
/** Keyrings that an index names as replaced. */
export const maxOlderKeyrings = 16
/** Addresses that an index names as withdrawn, and the length of one. */
export const maxClosedAddresses = 32
export const maxAddressChars = 128
/** Several times an index with every list full. */
export const maxIndexBytes = 64 * 1024
/** An index that is older says nothing about keys any more. */
export const maxIndexAgeDays = 30
/** A device whose clock is behind by less still accepts the newest index. */
export const maxIndexLeadDays = 2

/**
 * Drops in `newest.tar` and in each `older-<n>.tar`: together with the indexes less than 2 MiB,
 * which every visit may fetch.
 */
export const dropsPerBundle = 14
/** Bundles of several desks with full indexes; a server cannot make a client fetch more. */
export const maxBundles = 20
