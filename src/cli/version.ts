import packageJson from '../../package.json' with { type: 'json' }

/** Of the program, as `package.json` has it: `0.1.0`. */
export const version: string = packageJson.version
/** Program and version, for what is written down: `tumen 0.1.0`. */
export const tool = `tumen ${version}`
