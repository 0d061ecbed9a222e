-- Health of a DeidJob. Its conditions follow kstatus; a job that was started is Progressing until it is over.
local health = {}

local function condition(name)
  for _, found in ipairs(obj.status.conditions or {}) do
    if found.type == name and found.status == "True" then
      return found
    end
  end
  return nil
end

if obj.metadata.deletionTimestamp ~= nil then
  health.status = "Progressing"
  health.message = "The job is being deleted."
  return health
end

-- What the status says of an earlier spec says nothing of this one.
if obj.status == nil or obj.status.observedGeneration == nil
    or obj.status.observedGeneration ~= obj.metadata.generation then
  health.status = "Progressing"
  health.message = "Waiting for the operator."
  return health
end

-- The first that holds decides.
local order = {
  { condition = "Failed", status = "Degraded" },
  { condition = "Complete", status = "Healthy" },
  { condition = "Suspended", status = "Suspended" },
  { condition = "Stalled", status = "Degraded" },
}
for _, rule in ipairs(order) do
  local found = condition(rule.condition)
  if found ~= nil then
    health.status = rule.status
    health.message = found.message
    return health
  end
end

health.status = "Progressing"
if obj.status.progress ~= nil then
  health.message = obj.status.progress .. " done"
else
  health.message = "The source is being listed."
end
return health
