-- One attempt more than there were, over the shards that the last one left undone or with failed objects.
local attempt = (obj.status or {}).attempt or 0
local asked = obj.spec.retry or 0
if asked > attempt then
  attempt = asked
end
obj.spec.retry = attempt + 1
return obj
