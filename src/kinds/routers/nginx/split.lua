-- Splits requests by a weight that lies in shared memory, so that a change needs no reload. Wants, in nginx:
--   lua_shared_dict tminus_split 1m;
--   lua_package_path "/path/to/the/folder/of/this/file/?.lua;;";
-- and where requests are sent on:
--   set_by_lua_block $arm { return require("split").arm(ngx.var.cookie_uid) }
--   log_by_lua_block { require("split").count(ngx.var.arm) }
-- and where only Tminus gets to:
--   content_by_lua_block { require("split").admin("/var/lib/nginx/tminus-split", true) }
local split = ngx.shared.tminus_split
local M = {}

math.randomseed(ngx.now() * 1000 + ngx.worker.pid())

-- The arm of one request: by the key of a user, who then stays where they are, or by chance where there is none.
function M.arm(key)
  local weight = split:get("weight") or 0
  local draw
  if key and key ~= "" then
    draw = ngx.crc32_long(key) % 10000
  else
    draw = math.random(0, 9999)
  end
  if draw < weight * 100 then
    return "canary"
  end
  return "stable"
end

function M.count(arm)
  split:incr(arm, 1, 0)
end

local function keep(path, weight)
  if not path then
    return true
  end
  local file = io.open(path .. ".new", "w")
  if not file then
    return false
  end
  file:write(weight)
  file:close()
  return os.rename(path .. ".new", path)
end

-- To be called in init_by_lua_block: shared memory outlives a reload, and not a restart.
function M.load(path)
  local file = io.open(path, "r")
  if not file then
    return
  end
  local weight = tonumber(file:read("*a"))
  file:close()
  if weight then
    split:set("weight", weight)
  end
end

-- Answers GET with what holds, and PUT with a percentage after it holds. The path, where there is one, keeps the weight over a restart.
function M.admin(path, sticky)
  if ngx.req.get_method() == "PUT" then
    ngx.req.read_body()
    local weight = tonumber(ngx.req.get_body_data() or "")
    if not weight or weight ~= weight or weight < 0 or weight > 100 then
      return ngx.exit(400)
    end
    if not keep(path, weight) then
      return ngx.exit(500)
    end
    split:set("weight", weight)
  end
  ngx.header["content-type"] = "application/json"
  ngx.say(string.format(
    '{"weight":%s,"sticky":%s,"requests":{"stable":%d,"canary":%d}}',
    split:get("weight") or 0, tostring(sticky == true), split:get("stable") or 0, split:get("canary") or 0
  ))
end

return M
