/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: its options, its one window, the connection it starts with, and the keys. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define AC_TYPE_APPLICATION (ac_application_get_type ())
G_DECLARE_FINAL_TYPE (AcApplication, ac_application, AC, APPLICATION, AdwApplication)

AcApplication *ac_application_new (void);

G_END_DECLS
