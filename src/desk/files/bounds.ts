/** What is read of a casebook, and no more. */
export const maxOpenedBytes = 16 * 1024 * 1024
/** Ten thousand changes of ordinary length, many times over. */
export const maxCaseBytes = 32 * 1024 * 1024
export const maxWindowsBytes = 1024 * 1024
export const maxChanges = 10_000

/** One answer to a question of a UN form. */
export const maxFormAnswerChars = 5_000

/** The analyst's own one-line fields. */
export const maxTitleChars = 200
export const maxGroupChars = 200
export const maxAssignedChars = 100
export const maxPersonIdChars = 100
