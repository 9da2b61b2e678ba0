#!/bin/sh
# Fetches Temporal's time-skipping test server (Java, MIT licence) from Maven Central into the user's cache, once (40 MB, a minute).
# Needs mvn and a JDK 11 or newer. The tests that let three days pass in a second need it.
set -eu
VERSION=1.38.0
DIRECTORY="${XDG_CACHE_HOME:-$HOME/.cache}/swarmcase/temporal-test-server-$VERSION"
SERVER="$DIRECTORY/temporal-test-server"
[ -x "$SERVER" ] && { echo "$SERVER is there."; exit 0; }
for tool in mvn java; do
  command -v "$tool" >/dev/null || { echo "$tool is missing; scripts/setup-debian.sh installs it." >&2; exit 1; }
done

mkdir -p "$(dirname "$DIRECTORY")"
DRAFT=$(mktemp -d "$DIRECTORY.XXXXXX")
trap 'rm -rf "$DRAFT"' EXIT
cat > "$DRAFT/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>swarmcase</groupId>
  <artifactId>temporal-test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
echo "Fetching Temporal's test server $VERSION from Maven Central ..."
mvn --batch-mode --quiet --file "$DRAFT/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$DRAFT/lib" -DincludeScope=runtime

# exec: the SDK ends the process that it started, which must be java itself. Quick compiler and small collector: it must
# answer within the SDK's 5 seconds.
cat > "$DRAFT/temporal-test-server" <<'START'
#!/bin/sh
DIRECTORY=$(dirname "$(readlink -f "$0")")
exec java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp "$DIRECTORY/lib/*" io.temporal.testserver.TestServer "$@"
START
chmod 755 "$DRAFT" "$DRAFT/temporal-test-server"
rm "$DRAFT/pom.xml"
# Another run may have finished first: its result is as good.
mv -T "$DRAFT" "$DIRECTORY" 2>/dev/null || [ -x "$SERVER" ]
trap - EXIT
echo "$SERVER is ready."
