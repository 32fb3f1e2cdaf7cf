/// Path of a file of this repository.
package func repositoryPath(_ path: String) -> String {
  #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/" + path
}
