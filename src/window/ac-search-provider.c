/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-vocabulary.h"
#include "window/ac-search-provider.h"

/* The desktop shows a few; who wants more opens the window. */
#define MOST_RESULTS 20
/* The index for searches begins at three letters; fewer would have all actions read at each key. */
#define FEWEST_LETTERS 3
/* A program that was started for a search stays so long (seconds) for the next letter. */
#define LINGER 60

struct _AcSearchProvider
{
  GObject parent_instance;

  GApplication *application; /* not owned: it owns this */
  AcSession *session;        /* nullable before it starts */
  guint registration;
  guint linger;

  GHashTable *found;         /* char * → AcAction: of the last searches, by id */
  GCancellable *cancellable; /* nullable: of the search under way */
};

G_DEFINE_FINAL_TYPE (AcSearchProvider, ac_search_provider, G_TYPE_OBJECT)

static const char interface_xml[] =
    "<node><interface name='org.gnome.Shell.SearchProvider2'>"
    "<method name='GetInitialResultSet'>"
    "<arg type='as' name='terms' direction='in'/><arg type='as' name='results' direction='out'/>"
    "</method>"
    "<method name='GetSubsearchResultSet'>"
    "<arg type='as' name='previous_results' direction='in'/>"
    "<arg type='as' name='terms' direction='in'/><arg type='as' name='results' direction='out'/>"
    "</method>"
    "<method name='GetResultMetas'>"
    "<arg type='as' name='identifiers' direction='in'/>"
    "<arg type='aa{sv}' name='metas' direction='out'/>"
    "</method>"
    "<method name='ActivateResult'>"
    "<arg type='s' name='identifier' direction='in'/><arg type='as' name='terms' direction='in'/>"
    "<arg type='u' name='timestamp' direction='in'/>"
    "</method>"
    "<method name='LaunchSearch'>"
    "<arg type='as' name='terms' direction='in'/><arg type='u' name='timestamp' direction='in'/>"
    "</method>"
    "</interface></node>";

/* One search. */
typedef struct
{
  AcSearchProvider *provider; /* owned */
  GDBusMethodInvocation *invocation;
  char *text;
  GCancellable *cancellable;
  gulong handler; /* while a connection is being made */
} Search;

static void
search_free (Search *search)
{
  g_object_unref (search->provider);
  g_object_unref (search->cancellable);
  g_free (search->text);
  g_free (search);
}

/* @actions: (nullable) (element-type AcAction): what was found */
static void
answer (Search *search, GPtrArray *actions)
{
  GVariantBuilder results;

  g_variant_builder_init (&results, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; actions != NULL && i < actions->len; i++)
    {
      AcAction *action = g_ptr_array_index (actions, i);

      if (action == NULL)
        continue;
      g_variant_builder_add (&results, "s", ac_action_get_id (action));
      g_hash_table_replace (search->provider->found, g_strdup (ac_action_get_id (action)),
                            g_object_ref (action));
    }
  g_dbus_method_invocation_return_value (search->invocation, g_variant_new ("(as)", &results));
  search_free (search);
}

static void
rows_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (source_object), result, NULL);

  answer (user_data, rows);
}

static void
keys_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  Search *search = user_data;
  AcActionSource *source = AC_ACTION_SOURCE (source_object);
  g_autoptr (GArray) keys = ac_action_source_load_keys_finish (source, result, NULL);

  /* Whoever types on does not wait for this answer; and an error is not told in a list of results.
   */
  if (keys == NULL || keys->len == 0)
    answer (search, NULL);
  else
    ac_action_source_load_rows_async (source, (const guint64 *)(gpointer)keys->data,
                                      MIN (keys->len, MOST_RESULTS), search->cancellable, rows_cb,
                                      search);
}

static void
begin (Search *search)
{
  AcActionSource *source = ac_session_get_source (search->provider->session);
  g_autoptr (AcActionQuery) all = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) query = ac_action_query_with_search (all, search->text);

  if (source == NULL || g_cancellable_is_cancelled (search->cancellable))
    answer (search, NULL);
  else
    ac_action_source_load_keys_async (source, query, NULL, NULL, search->cancellable, keys_cb,
                                      search);
}

static void
state_cb (AcSession *session, GParamSpec *pspec, gpointer user_data)
{
  Search *search = user_data;

  if (ac_session_get_state (session) == AC_SESSION_CONNECTING)
    return;
  g_signal_handler_disconnect (session, search->handler);
  begin (search);
}

static void
search_for (AcSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *terms)
{
  Search *search = g_new0 (Search, 1);

  /* Only the last question is waited for. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  search->provider = g_object_ref (self);
  search->invocation = invocation;
  search->text = g_strjoinv (" ", (GStrv)terms);
  search->cancellable = g_object_ref (self->cancellable);
  g_strstrip (search->text);
  if (self->session == NULL || g_utf8_strlen (search->text, -1) < FEWEST_LETTERS)
    answer (search, NULL);
  else if (ac_session_get_state (self->session) == AC_SESSION_CONNECTING)
    search->handler =
        g_signal_connect (self->session, "notify::state", G_CALLBACK (state_cb), search);
  else
    begin (search);
}

static GVariant *
describe (AcSearchProvider *self, const char *const *ids)
{
  GVariantBuilder metas;
  g_autoptr (GIcon) icon = g_themed_icon_new (AC_APP_ID);
  g_autofree char *icon_text = g_icon_to_string (icon);

  g_variant_builder_init (&metas, G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; ids[i] != NULL; i++)
    {
      AcAction *action = g_hash_table_lookup (self->found, ids[i]);
      g_autofree char *description = NULL;
      const char *details;

      if (action == NULL)
        continue;
      details = ac_action_get_details (action);
      description = g_strdup_printf (
          "%s · %s · %s",
          ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)),
          ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action)),
          ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)));
      g_variant_builder_open (&metas, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&metas, "{sv}", "id", g_variant_new_string (ids[i]));
      g_variant_builder_add (
          &metas, "{sv}", "name",
          g_variant_new_string (
              details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action))));
      g_variant_builder_add (&metas, "{sv}", "description", g_variant_new_string (description));
      g_variant_builder_add (&metas, "{sv}", "gicon", g_variant_new_string (icon_text));
      g_variant_builder_close (&metas);
    }
  return g_variant_new ("(aa{sv})", &metas);
}

static gboolean
linger_cb (gpointer data)
{
  AcSearchProvider *self = data;

  self->linger = 0;
  g_application_release (self->application);
  return G_SOURCE_REMOVE;
}

static void
linger (AcSearchProvider *self)
{
  if (self->linger != 0)
    g_source_remove (self->linger);
  else
    g_application_hold (self->application);
  self->linger = g_timeout_add_seconds (LINGER, linger_cb, self);
}

static void
method_cb (GDBusConnection *connection,
           const char *sender,
           const char *object_path,
           const char *interface_name,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  AcSearchProvider *self = AC_SEARCH_PROVIDER (user_data);
  g_autofree const char **words = NULL;
  g_autofree char *text = NULL;
  const char *id;

  linger (self);
  if (strcmp (method, "GetInitialResultSet") == 0)
    {
      g_variant_get (parameters, "(^a&s)", &words);
      search_for (self, invocation, words);
    }
  else if (strcmp (method, "GetSubsearchResultSet") == 0)
    {
      g_variant_get (parameters, "(@as^a&s)", NULL, &words);
      search_for (self, invocation, words);
    }
  else if (strcmp (method, "GetResultMetas") == 0)
    {
      g_variant_get (parameters, "(^a&s)", &words);
      g_dbus_method_invocation_return_value (invocation, describe (self, words));
    }
  else if (strcmp (method, "ActivateResult") == 0)
    {
      g_variant_get (parameters, "(&s^a&su)", &id, &words, NULL);
      g_action_group_activate_action (G_ACTION_GROUP (self->application), "open-action",
                                      g_variant_new_string (id));
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      g_variant_get (parameters, "(^a&su)", &words, NULL);
      text = g_strjoinv (" ", (GStrv)words);
      g_action_group_activate_action (G_ACTION_GROUP (self->application), "search",
                                      g_variant_new_string (text));
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
ac_search_provider_dispose (GObject *object)
{
  AcSearchProvider *self = AC_SEARCH_PROVIDER (object);

  g_clear_handle_id (&self->linger, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (ac_search_provider_parent_class)->dispose (object);
}

static void
ac_search_provider_finalize (GObject *object)
{
  g_hash_table_unref (AC_SEARCH_PROVIDER (object)->found);
  G_OBJECT_CLASS (ac_search_provider_parent_class)->finalize (object);
}

static void
ac_search_provider_class_init (AcSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_search_provider_dispose;
  G_OBJECT_CLASS (klass)->finalize = ac_search_provider_finalize;
}

static void
ac_search_provider_init (AcSearchProvider *self)
{
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * ac_search_provider_new:
 * @application: has the actions open-action and search
 *
 * Returns: (transfer full): finds nothing before it has a session.
 */
AcSearchProvider *
ac_search_provider_new (GApplication *application)
{
  AcSearchProvider *self = g_object_new (AC_TYPE_SEARCH_PROVIDER, NULL);

  self->application = application;
  return self;
}

/**
 * ac_search_provider_export:
 * @object_path: of the application; the provider is found below it
 *
 * Returns: whether it can be asked now; else @error says why.
 */
gboolean
ac_search_provider_export (AcSearchProvider *self,
                           GDBusConnection *connection,
                           const char *object_path,
                           GError **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_cb };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autofree char *path = g_strconcat (object_path, "/SearchProvider", NULL);

  g_return_val_if_fail (AC_IS_SEARCH_PROVIDER (self), FALSE);

  self->registration = g_dbus_connection_register_object (connection, path, info->interfaces[0],
                                                          &vtable, self, NULL, error);
  return self->registration != 0;
}

/**
 * ac_search_provider_unexport:
 *
 * Ends what ac_search_provider_export() began, if it did.
 */
void
ac_search_provider_unexport (AcSearchProvider *self, GDBusConnection *connection)
{
  g_return_if_fail (AC_IS_SEARCH_PROVIDER (self));

  if (self->registration != 0)
    g_dbus_connection_unregister_object (connection, self->registration);
  self->registration = 0;
}

/**
 * ac_search_provider_set_session:
 *
 * Says whose actions are searched; called once.
 */
void
ac_search_provider_set_session (AcSearchProvider *self, AcSession *session)
{
  g_return_if_fail (AC_IS_SEARCH_PROVIDER (self));

  g_set_object (&self->session, session);
}
