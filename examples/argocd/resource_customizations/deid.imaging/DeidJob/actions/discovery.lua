-- Which actions a DeidJob offers: to rest or go on while it is not over, and another attempt where it failed for a reason
-- that an attempt can mend.
local actions = {}

local hopeless = { InvalidSpec = true, FailurePolicyExceeded = true, Unaccounted = true }

local over = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.status == "True" then
    over[condition.type] = condition.reason
  end
end

if over.Failed ~= nil then
  if not hopeless[over.Failed] then
    actions["retry"] = { ["iconClass"] = "fa fa-fw fa-redo", ["displayName"] = "Retry what failed" }
  end
elseif over.Complete == nil then
  if obj.spec.suspend then
    actions["resume"] = { ["iconClass"] = "fa fa-fw fa-play" }
  else
    actions["suspend"] = { ["iconClass"] = "fa fa-fw fa-pause" }
  end
end

return actions
