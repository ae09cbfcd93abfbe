# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
include(CMakePackageConfigHelpers)

install(TARGETS s1inv EXPORT s1inv)
install(DIRECTORY include/s1inv TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
if(S1INV_TOOL)
  install(TARGETS s1inv_tool)
  install(FILES docs/s1inv.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(FILES LICENSE README.md TYPE DOC)
install(DIRECTORY LICENSES docs examples TYPE DOC PATTERN "*.1" EXCLUDE)
install(DIRECTORY tests/vectors DESTINATION ${CMAKE_INSTALL_DATADIR}/s1inv
  FILES_MATCHING PATTERN "*.json" PATTERN malformed EXCLUDE)

# find_package(s1inv)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/s1inv)
install(EXPORT s1inv NAMESPACE s1inv:: FILE s1inv-config.cmake
  DESTINATION ${package_dir})
write_basic_package_version_file(s1inv-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/s1inv-config-version.cmake
  DESTINATION ${package_dir})

# pkg-config, with paths relative to the file itself: the tree can be moved
file(RELATIVE_PATH pc_includedir
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/s1inv.pc.in s1inv.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/s1inv.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
