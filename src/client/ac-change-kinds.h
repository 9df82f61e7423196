/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which kinds of things a page of changes tells of, looked up in its text. Private to this room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ac_change_kinds_has (GBytes *page, const char *kind);

G_END_DECLS
