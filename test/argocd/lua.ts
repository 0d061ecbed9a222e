/** Runs the scripts of Argo CD by a real Lua, with nothing in reach but what Argo CD gives them. */
import { execFileSync, spawnSync } from 'node:child_process';

/** The interpreter; Argo CD's own is Lua 5.1, of which the scripts use what later ones have too. */
const interpreter = 'lua5.4';

/** Why tests that need Lua are to be skipped; false where they can run. In CI nothing is skipped. */
export function skipWithoutLua(): string | false {
  const found = spawnSync(interpreter, ['-v']).error === undefined;
  return found || process.env.CI === 'true' ? false : `${interpreter} is not installed`;
}

/** A plain value as an expression of Lua. Null is nil, as Argo CD hands it over. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') {
    const bytes = [...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, '0')}`);
    return `"${bytes.join('')}"`;
  }
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  return `{${Object.entries(value).map(([name, field]) => `[${literal(name)}]=${literal(field)}`)}}`;
}

/** Prints what a script returns as JSON. An empty table is an object. */
const harness = `
local function json(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\\\]', function(c) return string.format("\\\\u%04x", c:byte()) end) .. '"'
  elseif type(value) ~= "table" then
    return tostring(value)
  end
  local parts = {}
  if #value > 0 then
    for _, item in ipairs(value) do parts[#parts + 1] = json(item) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for name, field in pairs(value) do parts[#parts + 1] = json(name) .. ":" .. json(field) end
  return "{" .. table.concat(parts, ",") .. "}"
end
local reach = { obj = obj, ipairs = ipairs, pairs = pairs, tostring = tostring, type = type, string = string, table = table }
io.write(json(assert(load(script, "script", "t", reach))()))
`;

/** What a script returns for an object. */
export function runLua(script: string, object: unknown): unknown {
  const program = `local obj = ${literal(object)}\nlocal script = ${literal(script)}\n${harness}`;
  return JSON.parse(execFileSync(interpreter, ['-'], { input: program, encoding: 'utf8' }));
}
