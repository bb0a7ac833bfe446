import { ensurePage } from './page.mjs'
import { ensureProgram } from './program.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, runScript } from './setup.mjs'

/**
 * The benchmark that each option starts, the programs it needs, and whether it serves the source's
 * page. The key `''` is the benchmark that runs without an option.
 */
const benches = /** @type {const} */ ({
  '': { main: 'bench/main.ts', programs: ['redis-server', 'age'], needsPage: true },
  '--page': {
    main: 'bench/page/main.ts',
    programs: ['redis-server', 'chromium', 'firefox-esr'],
    needsPage: true,
  },
  '--attack': { main: 'bench/attack.ts', programs: ['redis-server', 'age'], needsPage: true },
  '--desk': { main: 'bench/desk.ts', programs: ['age', 'tar'], needsPage: false },
  '--peers': { main: 'bench/peers.ts', programs: [], needsPage: false },
  '--phone': { main: 'bench/page/phone.ts', programs: [], needsPage: false },
  '--growth': { main: 'bench/growth.ts', programs: ['redis-server'], needsPage: false },
  '--ops': { main: 'bench/ops.ts', programs: ['redis-server'], needsPage: true },
  '--casebook': {
    main: 'bench/casebook/main.ts',
    programs: ['chromium', 'firefox-esr'],
    needsPage: false,
  },
})

await runScript(async () => {
  const [option = '', ...others] = process.argv.slice(2)
  const isOption = Object.hasOwn(benches, option)
  const bench = benches[/** @type {keyof typeof benches} */ (isOption ? option : '')]
  ensureModules()
  ensurePrograms([...bench.programs])
  if (bench.needsPage) await ensurePage()
  await ensureProgram()
  return runNode([bench.main, ...(isOption ? others : process.argv.slice(2))])
})
