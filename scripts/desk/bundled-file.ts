/** One file of the desk's archive; `path` is relative to the folder that the archive unpacks to. */
export interface BundledFile {
  path: string
  content: Uint8Array | string
  isProgram?: boolean
}
