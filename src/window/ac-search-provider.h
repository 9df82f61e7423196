/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds actions from the search of the desktop: org.gnome.Shell.SearchProvider2, answered from the
 * copy of the actions on this machine, without a window and without asking the service. It opens
 * what was found and never decides. */
#pragma once

#include "window/ac-session.h"

G_BEGIN_DECLS

#define AC_TYPE_SEARCH_PROVIDER (ac_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (AcSearchProvider, ac_search_provider, AC, SEARCH_PROVIDER, GObject)

AcSearchProvider *ac_search_provider_new (GApplication *application);
gboolean ac_search_provider_export (AcSearchProvider *self,
                                    GDBusConnection *connection,
                                    const char *object_path,
                                    GError **error);
void ac_search_provider_unexport (AcSearchProvider *self, GDBusConnection *connection);
void ac_search_provider_set_session (AcSearchProvider *self, AcSession *session);

G_END_DECLS
