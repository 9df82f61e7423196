/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-help.h"

/* The page in the first of the person's languages that there is one in. */
static GFile *
find_page (void)
{
  const char *folder = g_getenv ("ACTION_CENTER_HELP_DIR");
  const char *const *languages = g_get_language_names ();
  g_autofree char *path = NULL;

  /* For running from the build folder. */
  if (folder == NULL)
    folder = AC_DATA_DIR "/help";
  for (gsize i = 0; languages[i] != NULL; i++)
    {
      g_autofree char *own = g_build_filename (folder, languages[i], "index.html", NULL);

      if (g_file_test (own, G_FILE_TEST_IS_REGULAR))
        return g_file_new_for_path (own);
    }
  /* The language that all text of the program is written in. */
  path = g_build_filename (folder, "en", "index.html", NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_file_new_for_path (path) : NULL;
}

static void
launched_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWindow) parent = user_data;

  if (g_app_info_launch_default_for_uri_finish (result, NULL))
    return;
  if (parent != NULL)
    gtk_widget_activate_action (
        GTK_WIDGET (parent), "win.say", "s",
        _ ("No web browser opens the help. Install one, or read “man action-center”."));
}

/**
 * ac_help_open:
 * @parent: (nullable): who is told when it does not work
 */
void
ac_help_open (GtkWindow *parent)
{
  g_autoptr (GFile) page = find_page ();
  g_autoptr (GdkAppLaunchContext) context = NULL;
  g_autofree char *uri = NULL;

  if (page == NULL)
    {
      if (parent != NULL)
        gtk_widget_activate_action (GTK_WIDGET (parent), "win.say", "s",
                                    _ ("The help is not installed. Read “man action-center”, or "
                                       "install Action Center again."));
      return;
    }
  uri = g_file_get_uri (page);
  if (parent != NULL)
    context = gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (parent)));
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, launched_cb,
                                           parent != NULL ? g_object_ref (parent) : NULL);
}
