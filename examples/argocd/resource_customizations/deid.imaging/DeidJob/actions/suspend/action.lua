-- Pods are stopped, what they have done is kept.
obj.spec.suspend = true
return obj
