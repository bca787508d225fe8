# What .ci/run and .ci/long share: the environment, and checks that count.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
passed=0
failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# One check: a name and a command. Its output is shown only if it fails.
check() {
    local name=$1
    shift
    local start=$SECONDS
    if "$@" >"$log/out" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name ($((SECONDS - start)) s)"
        tail -n 60 "$log/out" | sed 's/^/        /'
    fi
}

# A command whose output holds a text.
contains() {
    local text=$1
    shift
    "$@" >"$log/contains" 2>&1
    grep -qF -- "$text" "$log/contains" || { cat "$log/contains"; return 1; }
}

summary() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
