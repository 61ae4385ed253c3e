# Programs as a user's (consumers/), built and run against what the last build made, with Spring Boot's versions, old ones, and none given.
# Ours are laid into a local repository of their own: neither do they get into the user's, nor does an older one there stand in for them.
consumers() {
  build all
  java_21
  local repository=$here/target/consumers/repository
  share_local_repository "${HOME:?}/.m2/repository" "$repository"
  publish "$repository/dev/sesame"
  consume "$repository" test
  consume "$repository" test -pl spring-boot-4 -Dspring-boot.version=4.1.0
}

# Everything that Maven has fetched before, by links, but for what is ours.
share_local_repository() {
  local from=$1 to=$2 entry
  rm -rf "$to"
  mkdir -p "$from" "$to/dev"
  for entry in "$from"/* "$from"/dev/*; do
    case $entry in
      "$from/dev" | "$from/dev/sesame" | *'/*') ;;
      "$from"/dev/*) ln -s "$entry" "$to/dev/" ;;
      *) ln -s "$entry" "$to/" ;;
    esac
  done
}

# The SDK's poms and jars, where Maven looks for them.
publish() {
  local module at
  copy "$here/pom.xml" "$1/sesame-parent/$version/sesame-parent-$version.pom"
  copy "$here/sesame-bom/pom.xml" "$1/sesame-bom/$version/sesame-bom-$version.pom"
  for module in sesame-core sesame-rules sesame-ktor-server sesame-java-compat sesame-testing; do
    at=$1/$module/$version/$module-$version
    copy "$here/$module/pom.xml" "$at.pom"
    copy "$here/$module/target/$module-$version.jar" "$at.jar"
  done
}

copy() {
  [ -f "$1" ] || { echo "sesame: $1 is missing: ./sesame build makes it" >&2; exit 1; }
  mkdir -p "$(dirname "$2")"
  cp "$1" "$2"
}

consume() {
  local repository=$1
  shift
  # As a user's Maven does, this one runs on the JDK that the program is for.
  (cd "$here/consumers" && JAVA_HOME=$(dirname "$(dirname "$sesame_java")") mvn -B -ntp -Dmaven.repo.local="$repository" "$@")
}
