/** The `meta` element in which a page with scripts holds the base64 line of `root.pub`. */
export const ROOT_KEY_NAME = 'root-key'
