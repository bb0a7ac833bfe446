/** Loaded before a program, says on its stderr how much memory it took at most, in KiB. */
process.on('exit', () => process.stderr.write(`\npeak-memory-kib ${process.resourceUsage().maxRSS}\n`))
