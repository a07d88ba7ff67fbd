// Which way imports may run. `npm run check` reads it.

// The rooms of domain/, lowest layer first. A file takes values from its own layer or a lower one; types may come from anywhere.
const layers = [
  ['runtime', 'database', 'events\\.ts'],
  ['tenants', 'balance', 'telephony', 'policy'],
  ['accounts', 'contacts', 'tasks', 'recordings', 'call-lists/entries'],
  ['calls'],
  ['call-lists/[^/]+\\.ts', 'privacy', 'operations', 'floor'],
]
// What follows a call, and a new company, concern every room.
const anyLayer = ['^domain/calls/after-end\\.ts$', '^domain/operations/create-tenant\\.ts$']
const tests = '\\.test\\.ts$|/testing/|/testing\\.ts$'
const rooms = (...names) => `^domain/(${names.join('|')})`

const upwards = layers.slice(0, -1).map((layer, index) => ({
  name: `layer ${index + 1} takes values from lower layers only`,
  severity: 'error',
  from: { path: rooms(...layer), pathNot: [tests, ...anyLayer] },
  to: { path: rooms(...layers.slice(index + 1).flat()), dependencyTypesNot: ['type-only'] },
}))

// The rooms of the browser phone, lowest first. A file imports from its own room or a lower one, types included.
const browserRooms = ['dom', 'state', 'audio', 'line', 'media', 'call', 'pages', 'live', 'quality', 'tabs', 'echo-test', 'panel']
const browserUpwards = browserRooms.slice(0, -1).map((room, index) => ({
  name: `web/browser/${room} imports from lower rooms only`,
  severity: 'error',
  from: { path: `^web/browser/${room}/`, pathNot: tests },
  to: { path: `^web/browser/(${browserRooms.slice(index + 1).join('|')})/` },
}))

const processes = ['fastagi', 'web', 'worker', 'cli']

export default {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'the domain knows no process',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: `^(${processes.join('|')}|dev)/` },
    },
    ...processes.map((process) => ({
      name: `${process} imports the domain and itself`,
      severity: 'error',
      from: { path: `^${process}/`, pathNot: tests },
      to: { path: `^(${processes.filter((other) => other !== process).join('|')}|dev)/` },
    })),
    {
      name: 'the browser shares one file with the server (web/build.ts)',
      severity: 'error',
      from: { path: '^web/browser/', pathNot: tests },
      to: { path: '^domain/', pathNot: '^domain/telephony/number-text\\.ts$' },
    },
    ...upwards,
    ...browserUpwards,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(web/public|web/browser/.*\\.d\\.ts)' },
    // Imports of types are imports too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
}
