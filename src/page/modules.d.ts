/** A worker as the bundler exports it: the URL of its script. */
declare module '*?worker&url' {
  const url: string
  export default url
}

/** Modules made by `languageParts`. */
declare module '*?first' {
  export const spoken: import('./language-parts.ts').PartTexts<'first'>
}
declare module '*?offline' {
  export const spoken: import('./language-parts.ts').PartTexts<'offline'>
}
declare module '*?later' {
  export const spoken: import('./language-parts.ts').PartTexts<'later'>
}

/**
 * The core of tus-js-client without its browser half, which probes `localStorage` as soon as it is
 * loaded.
 */
declare module 'tus-js-client/lib/upload.js' {
  import type { UploadOptions } from 'tus-js-client'

  export default class BaseUpload {
    constructor(file: object, options: UploadOptions)
    static readonly defaultOptions: UploadOptions
    readonly url: string | null
    start(): void
    abort(shouldTerminate?: boolean): Promise<void>
  }
}
