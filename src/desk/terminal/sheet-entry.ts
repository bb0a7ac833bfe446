/** One labelled line of a sheet; an entry without text is not drawn. */
export type Entry = readonly [label: string, text: string | null | undefined]
