import { writeFileSync } from 'node:fs'
import { screenProfile } from '../../cleaning/planted-profile.ts'

/** `node make-profile.ts OUT`: a colour profile as an operating system makes it for one screen. */
writeFileSync(process.argv[2] ?? 'screen.icc', screenProfile())
