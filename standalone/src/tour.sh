auth=http://localhost:8081 recipes=http://localhost:8082 json='Content-Type: application/json'
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# Sign up: an access token for every service, a refresh token for this one.
session=$(curl -s $auth/v1/signup -H "$json" \
  -d "{\"email\":\"cook-$(date +%s)-$$-$RANDOM@example.org\",\"password\":\"boil the rice first\",\"name\":\"연기\"}")
access=$(echo "$session" | member access_token) refresh=$(echo "$session" | member refresh_token)

# Write a recipe at the other service. It has never heard of you, and asks nobody.
curl -s $recipes/v1/recipes -H "Authorization: Bearer $access" -H "$json" \
  -d '{"title":"김치찌개","ingredient_groups":[{"items":["묵은지 300g","두부 1/2모","고춧가루 1큰술"]}]}'; echo

# Refresh: the next pair of tokens.
session=$(curl -s $auth/v1/refresh -H "$json" -d "{\"refresh_token\":\"$refresh\"}")
access=$(echo "$session" | member access_token)
curl -s $recipes/v1/recipes -H "Authorization: Bearer $access"; echo

# Log out: 204, and from now on 401 everywhere.
curl -s -o /dev/null -w '%{http_code}\n' -X POST $auth/v1/logout -H "Authorization: Bearer $access"
curl -s -w '\n%{http_code}\n' $recipes/v1/recipes -H "Authorization: Bearer $access"
