"""The plugins that come with postrender, each a module that imports only the facade."""
